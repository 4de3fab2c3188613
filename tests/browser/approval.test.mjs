// Whether a clinic approved the limits that its beds are watched by, as everybody at a station
// reads it and as a lead does in the setup (clinical 2.3). One ward for all tests, in this order.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { openApi } from "./support/api.mjs";
import { assertAccessible, logIn, openPage, openWard, press, says } from "./support/browser.mjs";
import { bays, closeClinic, openClinic } from "./support/clinic.mjs";
import { form, go, open } from "./support/drawers.mjs";
import { bedTile } from "./support/ward.mjs";

/** Who approved one preset, and when; the other is nobody's. */
const WHO = "Dr. Ada <b>Byron</b>";
const WHEN = "2026-03-01";
const IM = {
  bed: "bay-2",
  patient: { reference: "P-2", initials: "B.C.", birth_year: 1980, weight_kg: 70 },
  new_patient: true,
  drug: "ketamine",
  route: "im",
  preset: "ketamine-im",
};

let parts;
before(async () => {
  parts = await openClinic(bays(2), { roles: ["nurse", "lead"], prepare: sign });
});
after(() => closeClinic(parts));

/** Puts a name under the preset of all beds, and a preset without one beside it. */
async function sign({ config }) {
  const presets = join(dirname(config), "presets");
  const own = join(presets, "ketamine-iv.toml");
  const signed = (await readFile(own, "utf8"))
    .replace(/^approved_by = ""/m, `approved_by = "${WHO}"`)
    .replace(/^approved_on = ""/m, `approved_on = "${WHEN}"`);
  await writeFile(own, signed);
  const other = new URL("../../config/presets/ketamine-im.toml", import.meta.url);
  await writeFile(join(presets, "ketamine-im.toml"), await readFile(other, "utf8"));
}

test("where all limits are approved, no screen says that they are not", async () => {
  // safety:U3
  // The sign is there while it is true, and only then.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  for (const bed of ["bay-1", "bay-2"])
    await says(bedTile(page, bed).locator(".preset-name"), /Ketamine, IV infusion/);
  assert.equal(await page.locator("#not-approved").isVisible(), false);
  assert.equal(await page.locator(".preset-approval:visible").count(), 0);
  await go(page, "/beds/bay-1");
  await open(page, "start");
  await form(page).locator(".choice", { hasText: "infusion" }).click();
  assert.doesNotMatch(await page.locator("body").innerText(), /not approved/i);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a lead reads in the setup who approved a preset, and that nobody did another", async () => {
  // Goal: issue 5, item 7: "limits in force with their source tags and approval".
  const { page, faults } = await openPage(parts.browser, `${parts.service.address}/setup`);
  await logIn(page, "lead");
  const approval = page.locator(".approval");
  const how = page.locator(".setup-limits .hint", { hasText: "approved_by" });
  await says(approval, new RegExp(`^Approved by ${WHO} on ${WHEN}$`));
  assert.equal(await approval.locator("b").count(), 0, "a name is text");
  assert.equal(await how.isVisible(), false);
  await press(page.locator('[data-preset="ketamine-im"]'));
  await says(approval, /^LIMITS NOT APPROVED$/);
  assert.equal(await how.isVisible(), true);
  await press(page.locator('[data-preset="ketamine-iv"]'));
  await says(approval, /^Approved by/);
  await assertAccessible(page, "approved limits");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("one bed on limits that nobody approved, and every screen says so, and the bed", async () => {
  // safety:U3
  // At once, on a page that stands open; and before, to whoever starts the session.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  await go(page, "/beds/bay-2");
  await open(page, "start");
  const notice = form(page).locator(".notice");
  await form(page).locator(".choice", { hasText: "IM injection" }).click();
  await says(notice, /^LIMITS NOT APPROVED$/);
  const api = await openApi(parts.service.address);
  await api.post("/sessions", IM);
  await says(page.locator("#not-approved"), /^LIMITS NOT APPROVED$/);
  await go(page, "/");
  await says(bedTile(page, "bay-2").locator(".preset-approval:visible"), /^not approved$/);
  assert.equal(await bedTile(page, "bay-1").locator(".preset-approval").isVisible(), false);
  await go(page, "/beds/bay-2");
  await open(page, "limits");
  await says(page.locator(".limits-head"), /LIMITS NOT APPROVED/);
  await assertAccessible(page, "one not approved");
  assert.deepEqual(faults, []);
  await page.context().close();
});
