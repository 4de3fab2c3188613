// What the drawers of a bed do with what a nurse types and chooses: nothing of it is lost, and
// nothing of it goes to another patient. One bed for all tests, in this order.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { infusion, openApi } from "./support/api.mjs";
import { assertAccessible, openWard, press, says, waitForAnswers } from "./support/browser.mjs";
import { bays, closeClinic, openClinic } from "./support/clinic.mjs";
import { form, go, open, send, tick, type, why } from "./support/drawers.mjs";
import { until } from "./support/process.mjs";

const NOT_DOSED = { disposition: "not_dosed", checks: {} };

let parts;
before(async () => {
  parts = await openClinic(bays(1));
  const { service, browser } = parts;
  const api = await openApi(service.address);
  const { session } = await api.post("/sessions", infusion("bay-1", "P-18"));
  const { page, faults } = await openWard(browser, service.address);
  parts = { ...parts, api, session, page, faults };
  await go(page, "/beds/bay-1");
});
after(() => closeClinic(parts));

test("a score that was chosen by mistake is let go, on its words or by keyboard", async () => {
  // Goal: what is optional is never forced by a tap that went astray.
  const { page } = parts;
  await open(page, "observation");
  const score = form(page).locator('[name="moaas"][value="4"]');
  const has = page.locator('[name="moaas"][value="4"]');
  const words = form(page).locator(".choice", { has });
  const isChosen = (wanted, how) => until(how, async () => (await score.isChecked()) === wanted);
  // At its far end, beside the circle.
  const tap = async () => {
    const { width, height } = await words.boundingBox();
    await press(words, (it) => it.click({ position: { x: width - 4, y: height / 2 } }));
  };
  await tap();
  await isChosen(true, "a tap chooses it");
  await tap();
  await isChosen(false, "a second tap lets it go");
  await score.press("Space");
  await isChosen(true, "Space chooses it");
  await score.press("Space");
  await isChosen(false, "Space lets it go");
});

test("what is typed while an act is on its way stays", async () => {
  const { page } = parts;
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await waitForAnswers(page);
  await page.route("**/interventions", async (route) => {
    await released;
    await route.continue();
  });
  await open(page, "intervention");
  await type(page, "drug", "Ondansetron");
  await press(form(page).locator(".send"));
  await type(page, "note", "for the nausea");
  release();
  await says(why(page), /^Recorded/);
  const value = (name) => form(page).locator(`[name="${name}"]`).inputValue();
  assert.deepEqual([await value("drug"), await value("note")], ["", "for the nausea"]);
  await page.unroute("**/interventions");
});

test("a half-typed limit stays while another drawer is looked at", async () => {
  // Goal: what was typed stays until it is sent; it is one tap away, where it was left.
  const { page } = parts;
  await open(page, "limits");
  await press(page.locator('.limit-row[data-key^="bp-high B2 nibp_sys"]'));
  await type(page, "value", "170");
  await type(page, "reason", "was 165 at");
  await open(page, "observation");
  await open(page, "limits");
  const value = (name) => form(page).locator(`[name="${name}"]`).inputValue();
  assert.deepEqual([await value("value"), await value("reason")], ["170", "was 165 at"]);
});

test("a reason that was begun after a refusal stays, too", async () => {
  const { page } = parts;
  await open(page, "discharge");
  await tick(page, "Home, escorted");
  await send(page);
  await says(why(page), /^Not ended: .*A lead may end it with a reason/);
  await type(page, "reason", "ambulance wa");
  await open(page, "observation");
  await open(page, "discharge");
  assert.equal(await form(page).locator('[name="reason"]').inputValue(), "ambulance wa");
});

test("what is missing to go home is one tap from where it is done", async () => {
  const { page, api, session } = parts;
  await api.post(`/sessions/${session}/observations`, { symptoms: ["headache"], moaas: 4 });
  await open(page, "discharge");
  const line = page.locator(".missing li", { hasText: "an observation without symptoms" });
  await says(page.locator(".missing"), /a sedation score of 5 \(MOAA\/S is 4\)/);
  await assertAccessible(page, "what is missing");
  await press(line.getByRole("button", { name: "Observation" }));
  await form(page).locator('[name="symptoms"]').first().waitFor();
  await until("it stands there", () => form(page).locator('[value="headache"]').isChecked());
});

test("a drawer that is opened on a low screen is seen from its beginning", async () => {
  // Goal: what is missing is read first; the focus on a tick below does not scroll it away.
  const { page } = parts;
  const size = page.viewportSize();
  await page.setViewportSize({ ...size, height: 640 });
  await open(page, "observation");
  await open(page, "discharge");
  await until("its first line is below the panel's head", async () => {
    const [line, head] = await Promise.all(
      [".gate-head", ".panel-head"].map((it) => page.locator(it).boundingBox()),
    );
    return line !== null && line.y >= head.y + head.height;
  });
  await page.setViewportSize(size);
});

test("a bed's own page offers no way to itself, and other views do", async () => {
  const { page } = parts;
  const chosen = page.locator("#bed-chosen");
  await says(chosen, /^Bay 1$/);
  assert.equal(await chosen.getAttribute("href"), null);
  await go(page, "/");
  await says(chosen, /^Open Bay 1$/);
  await chosen.click();
  await says(chosen, /^Bay 1$/);
});

test("what was typed for one patient is gone when the next one comes", async () => {
  // Goal: nothing of a patient who left is sent for the next one.
  const { page, api, session } = parts;
  const b2 = '.limit-row[data-key^="bp-high B2 nibp_sys"]';
  await open(page, "limits");
  await press(page.locator(b2));
  await type(page, "value", "170");
  const drawers = [["intervention", "drug", "Oxygen"], ["vitals", "nibp_sys", "190"]];
  for (const [drawer, field, text] of drawers) {
    await open(page, drawer);
    await type(page, field, text);
  }
  await api.post(`/sessions/${session}/end`, { ...NOT_DOSED, reason: "went home" });
  await api.post("/sessions", infusion("bay-1", "P-19"));
  await says(page.locator(".panel-who"), /P-19/);
  for (const [drawer, field] of drawers) {
    await open(page, drawer);
    assert.equal(await form(page).locator(`[name="${field}"]`).inputValue(), "", drawer);
  }
  await open(page, "limits");
  assert.equal(await form(page).count(), 0, "no limit is chosen");
  await press(page.locator(b2));
  assert.equal(await form(page).locator('[name="value"]').inputValue(), "");
  assert.deepEqual(parts.faults, []);
});
