// Care during a visit, hand-over and its end, as a nurse and a lead do it on the page (contract 6;
// alarms 7 and 12). One ward for all tests, in this order.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { infusion, openApi } from "./support/api.mjs";
import {
  assertAccessible,
  eventually,
  openWard,
  press,
  pressAtOnce,
  says,
  TOO_SOON,
} from "./support/browser.mjs";
import { bays, closeClinic, openClinic } from "./support/clinic.mjs";
import { form, go, open, send, tick, type, why } from "./support/drawers.mjs";
import { addUser, until } from "./support/process.mjs";
import { openReport } from "./support/visit.mjs";
import { alarmRow } from "./support/ward.mjs";

let parts;
before(async () => {
  parts = await openClinic(bays(3), {
    roles: ["viewer", "nurse", "lead"],
    prepare: (site) => addUser(site, "kim", "nurse"),
  });
  const { service, browser } = parts;
  const api = await openApi(service.address);
  const start = infusion("bay-1", "P-17 <b>bold</b>", { initials: "AM" });
  const { session } = await api.post("/sessions", start);
  parts = { ...parts, api, session };
  for (const name of ["nurse", "kim"])
    parts[name] = await openWard(browser, service.address, undefined, name);
});
after(() => closeClinic(parts));

/** The nurse's station, at a bed. */
async function atBed(bed) {
  await go(parts.nurse.page, `/beds/${bed}`);
  return parts.nurse.page;
}

test("vitals are taken by hand before a session, and what is wrong is said there", async () => {
  // Goal: contract 6, a walk-in; nothing typed is lost by a refusal; late is marked.
  const page = await atBed("bay-2");
  await open(page, "vitals");
  await send(page);
  await says(why(page), /Type at least one value/);
  await type(page, "nibp_sys", "132");
  await send(page);
  await says(why(page), /both: systolic and diastolic/);
  await type(page, "nibp_dia", "140");
  await send(page);
  await says(why(page), /how it was taken/);
  await tick(page, "Aneroid cuff");
  await send(page);
  await says(why(page), /^Not entered: .*nibp_sys/);
  assert.equal(await form(page).locator("[name=nibp_sys]").inputValue(), "132");
  await assertAccessible(page, "vitals refused");
  await type(page, "nibp_dia", "84");
  await send(page);
  await says(why(page), /^Entered\.$/);
  await type(page, "spo2", "97");
  await type(page, "minutes", "9");
  await press(page.locator(".more summary"));
  await type(page, "other", "finger clip");
  await type(page, "taker", "kim");
  await send(page);
  await says(why(page), /^Entered, marked late/);
  const { items } = await parts.api.get("/beds/bay-2/readings");
  const of = (metric) => items.find((one) => one.metric === metric);
  assert.equal(of("nibp_sys").by_hand.method, "aneroid");
  assert.deepEqual([of("spo2").by_hand.method, of("spo2").by_hand.taker], ["finger clip", "kim"]);
  // The second came some time after the first, and was nine minutes old.
  const late = Date.parse(of("nibp_sys").measured) - Date.parse(of("spo2").measured);
  assert.ok(late > 7 * 60_000 && late < 10 * 60_000, `${late} ms`);
});

test("an observation is one tap when all is well, and two with a symptom", async () => {
  // Goal: the whole current list is sent, and stands there for the next nurse.
  const page = await atBed("bay-1");
  const now = async () => {
    const { symptoms, moaas } = await parts.api.get(`/sessions/${parts.session}`);
    return `${symptoms} ${moaas}`;
  };
  await open(page, "observation");
  await press(page.getByRole("button", { name: "No symptoms, MOAA/S 5" }));
  await until("all is well", async () => (await now()) === " 5");
  await tick(page, "Headache");
  await send(page);
  await until("a headache", async () => (await now()) === "headache 5");
  await assertAccessible(page, "observation");
  const next = parts.kim.page;
  await go(next, "/beds/bay-1");
  await open(next, "observation");
  await until("its list stands there", () => form(next).locator('[value="headache"]').isChecked());
  await press(next.getByRole("button", { name: "No symptoms, MOAA/S 5" }));
  await until("all is well again", async () => (await now()) === " 5");
  await go(next, "/");
});

test("an intervention is written down with its dose", async () => {
  const page = await atBed("bay-1");
  await open(page, "intervention");
  await send(page);
  await says(why(page), /what was done: missing/);
  await press(page.getByRole("button", { name: "Oxygen" }));
  await type(page, "dose", "2 l/min");
  await send(page);
  await says(why(page), /^Recorded/);
  const { events } = await parts.api.get(`/sessions/${parts.session}`);
  const { act } = events.find(({ change }) => change === "intervention");
  assert.deepEqual([act.what, act.new], ["Oxygen", "2 l/min"]);
  await assertAccessible(page, "intervention");
});

test("a nurse tightens a limit; wider asks for a lead's order, never past the rails", async () => {
  // Goal: alarms 7; the changed one is marked, and goes back to the preset's number.
  const page = await atBed("bay-1");
  const row = (key) => page.locator(`.limit-row[data-key^="${key}"]`);
  const b2 = row("bp-high B2 nibp_sys");
  await open(page, "limits");
  await says(page.locator(".limits-head"), /Ketamine, IV infusion .* LIMITS NOT APPROVED/);
  await says(b2, /≥ 180 mmHg.*HIGH.*active, recovery, discharge · not in this phase$/);
  const gate = row("pre-dose B8");
  await says(gate, /asked before a dose, fixed/);
  await until("a gate is fixed", () => gate.isDisabled());
  await press(b2);
  await type(page, "value", "170");
  await send(page);
  await says(why(page), /^Reason: missing/);
  await type(page, "reason", "had 175 at rest");
  await send(page);
  await says(why(page), /^Systolic · HIGH: 180 → 170/);
  await says(b2, /≥ 170 mmHg.*changed, preset 180/);
  await type(page, "value", "260");
  await type(page, "reason", "wide");
  await send(page);
  await says(why(page), /from 140 to 220/);
  await says(page.locator(".limit-editor"), /It can be from 140 to 220/);
  await type(page, "value", "190");
  await send(page);
  await says(why(page), /widens the limit/);
  assert.equal(await form(page).locator("[name=value]").inputValue(), "190");
  await assertAccessible(page, "limits refused");
  await type(page, "ordered_by", "lead");
  await send(page);
  await says(b2, /≥ 190 mmHg/);
  await type(page, "reason", "as it was");
  await press(page.getByRole("button", { name: "Back to the preset's 180" }));
  await says(b2, /≥ 180 mmHg/);
  await until("it is no longer marked", async () => !/changed/.test(await b2.textContent()));
});

test("the start asks for what no service can see: the bedside monitor's own alarms", async () => {
  // Goal: alarms, Dashboard HMI 11.
  const page = await atBed("bay-2");
  await open(page, "start");
  await says(form(page).locator(".hint"), /bedside monitor's own alarms on, and can staff hear/);
  await form(page).locator(".send").waitFor();
});

test("who is responsible is asked to hand over first, by log-out and by the browser", async () => {
  // Goal: alarms 12: nobody leaves while responsible; plain words, and the way there.
  const page = await atBed("bay-2");
  await open(page, "start");
  await page.click("#log-out");
  const why = page.locator("#log-out-why");
  await says(why, /^\s*Not logged out: hand your beds over first\.\s+Hand over Bay 1/);
  await assertAccessible(page, "log-out refused");
  await why.getByRole("link", { name: "Hand over Bay 1" }).click();
  await page.waitForURL(/\/beds\/bay-1$/);
  await form(page).locator('[name="to"]').waitFor();
  await open(page, "limits");
  await page.click("#log-out");
  await why.getByRole("link", { name: "Hand over Bay 1" }).click();
  await form(page).locator('[name="to"]').waitFor();
  const asked = page.waitForEvent("dialog");
  await page.evaluate(() => setTimeout(() => location.reload()));
  const dialog = await asked;
  assert.equal(dialog.type(), "beforeunload");
  await dialog.dismiss();
  await form(page).locator('[name="to"]').waitFor();
  const isKept = () => dispatchEvent(new Event("beforeunload", { cancelable: true }));
  assert.equal(await parts.kim.page.evaluate(isKept), true, "kim has no patient");
});

test("a hand-over is offered on every view, rejected with a reason, and accepted", async () => {
  // Goal: alarms 12: who is responsible is known at any moment.
  const giver = await atBed("bay-1");
  const taker = parts.kim.page;
  const offer = taker.locator("#handovers .offer");
  const mine = giver.locator("#handovers");
  await open(giver, "handover");
  await type(giver, "to", "nobody");
  await send(giver);
  await says(why(giver), /nobody of that name/);
  await type(giver, "to", "kim");
  const places = () =>
    taker.evaluate(() => {
      const all = [...document.querySelectorAll("#alarm-strip, #beds .tile, .panel button, #view")];
      return all.map((one) => JSON.stringify(one.getBoundingClientRect()));
    });
  const before = await places();
  await send(giver);
  await says(offer, /nurse hands over to you: Bay 1 \(AM\)\.00:[0-5]\d/);
  await eventually(places, before, "nothing moves under a finger");
  await says(mine, /Offered to kim: Bay 1/);
  const isShown = (host, glyph) => host.locator(`.duty use[href="#glyph-duty-${glyph}"]`).waitFor();
  for (const host of [offer, mine]) await isShown(host, "offered");
  await assertAccessible(taker, "offered");
  await press(offer.getByRole("button", { name: "Reject…" }));
  await press(offer.getByRole("button", { name: "Reject" }));
  await says(offer, /Not rejected: write why first/);
  await offer.locator("input").fill("I go home now");
  await press(offer.getByRole("button", { name: "Reject" }));
  await offer.waitFor({ state: "detached" });
  await says(mine, /Not taken by kim: Bay 1 .*I go home now/);
  await isShown(mine, "declined");
  await press(giver.getByRole("button", { name: "Seen" }));
  await mine.locator(".offer").waitFor({ state: "detached" });
  await pressAtOnce(taker, "#handovers .accept");
  await type(giver, "to", "kim");
  await send(giver);
  // It came under a finger that was meant for something else.
  await says(offer.locator(".why"), new RegExp(TOO_SOON));
  await press(offer.getByRole("button", { name: "Accept" }));
  await says(mine, /kim has taken over: Bay 1/);
  await isShown(mine, "accepted");
  const { responsible } = await parts.api.get(`/sessions/${parts.session}`);
  assert.equal(responsible.name, "kim");
  await assertAccessible(giver, "taken over");
});

test("all of a nurse's patients are handed over at once", async () => {
  const { api, kim } = parts;
  const ids = [];
  for (const bed of ["bay-2", "bay-3"])
    ids.push((await api.post("/sessions", infusion(bed, `P-${bed}`))).session);
  const giver = await atBed("bay-2");
  await open(giver, "handover");
  // The form is made anew as soon as the page knows of the second.
  await tick(giver, "All mine (2)");
  await type(giver, "to", "kim");
  await send(giver);
  const offer = kim.page.locator("#handovers .offer");
  await says(offer, /nurse hands over to you: Bay 2 \(NN\), Bay 3 \(NN\)/);
  await press(offer.getByRole("button", { name: "Accept" }));
  const lead = await openApi(parts.service.address, "lead");
  for (const id of ids) {
    const who = async () => (await api.get(`/sessions/${id}`)).responsible.name;
    await until("kim is responsible", async () => (await who()) === "kim");
    await lead.post(`/sessions/${id}/end`, { disposition: "not_dosed", checks: {}, reason: "ill" });
  }
});

test("a stand-by is two taps, and ends with one", async () => {
  const page = await atBed("bay-1");
  const standby = async () => (await parts.api.get("/beds/bay-1")).standby;
  await open(page, "standby");
  await send(page);
  await says(why(page), /^Choose or write why first/);
  await tick(page, "Toilet");
  await assertAccessible(page, "stand-by");
  await send(page);
  await until("stand-by", async () => (await standby())?.reason === "toilet");
  await says(page.locator('[data-drawer="standby"]'), /^End stand-by$/);
  await open(page, "standby");
  await send(page);
  await until("no stand-by", async () => (await standby()) === null);
});

test("a record shows old and new, who and why, and nothing is lost by a correction", async () => {
  // Goal: contract 6: a void or an amendment keeps the old value with name and reason.
  const { api, session } = parts;
  const lead = await openApi(parts.service.address, "lead");
  const started = new Date().toISOString();
  const dose = { mg: 35, reason: "no baseline", started, ended: started };
  await lead.post(`/sessions/${session}/doses`, dose);
  const values = { nibp_sys: 132, nibp_dia: 80 };
  const taken = new Date().toISOString();
  await api.post(`/sessions/${session}/readings`, { method: "aneroid", taken, values });
  const { page } = parts.nurse;
  await go(page, `/sessions/${session}`);
  await says(page.locator(".record-who"), /^AM · P-17 <b>bold<\/b> · born 1980 · 70 kg$/);
  const correction = page.locator(".correction");
  const line = (text) => page.locator(".record-list li", { hasText: text });
  await press(line("35 mg").getByRole("button"));
  await press(correction.locator(".choice", { hasText: "Another value" }));
  await correction.locator("[name=value]").fill("30");
  await press(correction.locator(".send"));
  await says(correction.locator(".why"), /Reason: missing/);
  await correction.locator("[name=reason]").fill("typed wrong");
  await press(correction.locator(".send"));
  await line("30 mg").waitFor();
  await says(page.locator(".record-events"), /35 mg.*→.*30 mg.*nurse · typed wrong/);
  await press(line("132/80").getByRole("button"));
  await assertAccessible(page, "correcting");
  await press(correction.locator(".choice", { hasText: "Another value" }));
  await correction.locator("[name=value]").fill("128");
  await correction.locator("[name=reason]").fill("wrong line");
  await press(correction.locator(".send"));
  await says(line("aneroid"), /Systolic 132 → 128, nurse: wrong line/);
  await press(line("aneroid").getByRole("button"));
  await correction.locator("[name=reason]").fill("not this patient");
  await press(correction.locator(".send"));
  await says(line("aneroid"), /does not count, nurse: not this patient/);
  const report = await openReport(page);
  await assertAccessible(report, "the report of one that goes on");
  await report.close();
});

test("a session moves to a free bed, with a reason", async () => {
  const page = await atBed("bay-1");
  await open(page, "move");
  await tick(page, "Bay 3");
  await send(page);
  await says(why(page), /^Reason: missing/);
  await press(page.getByRole("button", { name: "Room needed" }));
  await assertAccessible(page, "move");
  await send(page);
  await until("the page is at the other bed", () => page.url().endsWith("/beds/bay-3"));
  assert.equal((await parts.api.get("/beds/bay-3")).session.id, parts.session);
});

test("nobody goes home while something is missing, but on a lead's order", async () => {
  // Goal: the gate's list in words, ticks stay, the HIGH alarm is named; then the report is there.
  const page = await atBed("bay-3");
  await open(page, "discharge");
  await says(page.locator(".missing"), /the observation time, until \d\d:\d\d/);
  await tick(page, "Awake");
  await tick(page, "Home, escorted");
  await parts.monitors.high("bay-3", 205);
  await alarmRow(page, "Systolic 205").waitFor();
  await send(page);
  await says(why(page), /^Not ended: acknowledge this HIGH alarm first: Systolic 205/);
  const { items } = await parts.api.get("/alarms?state=present&bed=bay-3");
  for (const { occurrence, revision } of items.filter(({ priority }) => priority === "high"))
    await parts.api.post(`/alarms/${occurrence}/acknowledge`, { revision });
  await send(page);
  await says(why(page), /^Not ended: .*oriented.*an escort\. A lead may end it with a reason/);
  assert.ok(await form(page).locator('[value="awake"]').isChecked(), "the ticks stay");
  await assertAccessible(page, "discharge refused");
  await type(page, "reason", "ambulance waits");
  await send(page);
  await says(why(page), /^Ordered by \(phone\): missing/);
  await type(page, "ordered_by", "lead");
  await send(page);
  await until("its record", () => page.url().endsWith(`/sessions/${parts.session}`));
  await says(page.locator(".record-head"), /Home, escorted.*Report \(prints\).*in its report/);
  await assertAccessible(page, "record of one that has ended");
  await page.getByRole("link", { name: "Sessions" }).click();
  await says(page.locator(".record-list"), /AM · P-17 <b>bold<\/b>.*Home, escorted/);
  await assertAccessible(page, "recent sessions");
});

test("no page of all this has failed", () => {
  assert.deepEqual([...parts.nurse.faults, ...parts.kim.faults], []);
});
