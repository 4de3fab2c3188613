// A device conflict is settled on the bed's own page (safety S8; alarms 13): two monitors that give
// the same for one bed, and one that gives it for two. The service and its devices run for real.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openApi } from "./support/api.mjs";
import { assertAccessible, DESK, openWard, press, says } from "./support/browser.mjs";
import { bays, closeClinic, openClinic } from "./support/clinic.mjs";
import { form, go, send, tick, why } from "./support/drawers.mjs";
import { spo2 } from "./support/monitors.mjs";
import { until } from "./support/process.mjs";
import { alarmRow } from "./support/ward.mjs";

let parts;
before(async () => {
  const clinic = await openClinic(bays(3));
  const { page, faults } = await openWard(clinic.browser, clinic.service.address);
  parts = { ...clinic, page, faults, api: await openApi(clinic.service.address) };
});
after(() => closeClinic(parts));

const tab = (page) => page.locator('[data-drawer="conflict"]');
const saturation = (page) => page.locator('.bed-page [data-metric="spo2"]');
/** Each oximeter goes on sending, as they do. */
async function sending(oximeters, isSo) {
  return until("it comes to be while they send", async () => {
    for (const [bed, device, value] of oximeters)
      await parts.monitors.send(bed, device, [spo2(value)]);
    return isSo();
  });
}

test("a nurse says which of two monitors is the patient's", async () => {
  // Goal: safety:S8. What each last gave stands beside it; what is refused stands by the button.
  const { page, api, faults } = parts;
  const both = [["bay-1", "oxi-a", 97], ["bay-1", "oxi-b", 88]];
  const row = alarmRow(page, "both give SpO2");
  await sending(both, () => row.isVisible());
  await says(row, /choose on the bed's page/);
  await go(page, "/beds/bay-1");
  await says(form(page), /oxi-aSpO2 97 %, newest \d+ s ago · ● oxi-a online/);
  await says(form(page), /oxi-bSpO2 88 %, newest \d+ s ago · ● oxi-b online/);
  await assertAccessible(page, "device conflict");
  await send(page);
  await says(why(page), /At the patient is/);
  await tick(page, "oxi-a");
  await send(page);
  await says(why(page), /Reason/);
  await press(form(page).getByRole("button", { name: "Seen at the patient" }));
  await send(page);
  await tab(page).waitFor({ state: "hidden" });
  await sending(both, async () => {
    const { vitals } = await api.get("/beds/bay-1");
    const { device, state, value } = vitals.find(({ metric }) => metric === "spo2");
    return device === "oxi-a" && state === "live" && value === 97;
  });
  await sending(both, async () => (await saturation(page).textContent()) === "97");
  assert.deepEqual(faults, []);
});

test("what is refused is said in words beside the button, and what was chosen stays", async () => {
  const { page } = parts;
  const both = [["bay-2", "oxi-c", 97], ["bay-2", "oxi-d", 88]];
  const row = alarmRow(page, "both give SpO2").filter({ hasText: "Bay 2" });
  await sending(both, () => row.isVisible());
  await go(page, "/beds/bay-2");
  await tick(page, "oxi-c");
  await press(form(page).getByRole("button", { name: "Seen at the patient" }));
  const gone = { type: "/problems/unknown-device", title: "No such device" };
  await page.route("**/beds/bay-2/devices", (route) =>
    route.fulfill({ status: 404, json: gone, contentType: "application/problem+json" }),
  );
  await send(page);
  await says(why(page), /^Not chosen: this bed has no such device any more/);
  await page.unroute("**/beds/bay-2/devices");
  await send(page);
  await tab(page).waitFor({ state: "hidden" });
});

test("a device of two beds is given to one of them", async () => {
  // Goal: safety:S8. Each bed is a choice, on either bed's page.
  const { page, api } = parts;
  const moved = [["bay-2", "oxi-e", 96], ["bay-3", "oxi-e", 96]];
  await sending(moved, () => alarmRow(page, "oxi-e also sends for bay-2").isVisible());
  await go(page, "/beds/bay-3");
  await says(form(page), /oxi-e, at Bay 3.*oxi-e, at Bay 2/s);
  await tick(page, "oxi-e, at Bay 2");
  await press(form(page).getByRole("button", { name: "The other was left on" }));
  await send(page);
  await tab(page).waitFor({ state: "hidden" });
  await until("it counts for Bay 2 alone", async () => {
    const { items } = await api.get("/alarms?state=present");
    return items.every((it) => it.family !== "device-conflict" || it.condition === "ended");
  });
});

test("who is not on the floor is not asked", async () => {
  const { browser, service } = parts;
  const { page } = await openWard(browser, service.address, DESK, "viewer");
  const both = [["bay-3", "oxi-f", 97], ["bay-3", "oxi-g", 88]];
  const row = alarmRow(page, "both give SpO2").filter({ hasText: "Bay 3" });
  await sending(both, () => row.isVisible());
  await go(page, "/beds/bay-3");
  await page.locator(".panel-note", { hasText: "Log in as a nurse" }).waitFor();
  assert.equal(await tab(page).isVisible(), false);
  await page.context().close();
});

test("while the connection is lost nothing of a device is told as of now", async () => {
  // Goal: safety:F5. The conflict of the test before stands.
  const { page, service } = parts;
  await go(page, "/beds/bay-3");
  await says(form(page), /oxi-fSpO2 97 %, newest \d+ s ago.*oxi-gSpO2 88 %, newest \d+ s ago/);
  await service.kill();
  await says(form(page), /oxi-fas last known.*oxi-gas last known/);
});
