// Who watches, and what becomes of a page that for a while could not: hidden, frozen, asleep, its
// clock set, its service busy or gone (alarms 9; safety F5, F8). One ward for all tests, in this
// order: what is raised in one stands in the next.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openApi } from "./support/api.mjs";
import {
  assertAccessible,
  becomes,
  DESK,
  eventually,
  notedFrames,
  noteFrames,
  openWard,
  painted,
  pulses,
  says,
  stepClock,
  suspendSound,
  waitForAnswers,
} from "./support/browser.mjs";
import { closeClinic, openClinic } from "./support/clinic.mjs";
import { heartRate, spo2 } from "./support/monitors.mjs";
import { until } from "./support/process.mjs";
import { alarmRow as row, bedTile, tapped } from "./support/ward.mjs";
import { agesOf, leasesOf, passedS } from "./support/watching.mjs";

const BEDS = ["bay-1", "bay-2", "bay-3", "bay-4"].map((id) => ({ id, label: id }));
/** alarms 9.1: every 2 s; without one for so long a screen is lost. */
const LEASE_MS = 6_000;
/** alarms 12: an alarm that no screen has shown by 4 s goes on; a bit less. */
const SHOWN_WITHIN_MS = 3_000;
/** safety F5. */
const LOST_MS = 5_000;

let parts;
before(async () => {
  parts = await openClinic(BEDS, { roles: ["nurse", "lead", "admin"] });
  const { service, browser } = parts;
  const opened = [await openWard(browser, service.address)];
  opened.push(await openWard(browser, service.address, DESK, "lead"));
  [parts.page, parts.other] = opened.map(({ page }) => page);
  parts.faults = () => opened.flatMap(({ faults }) => faults);
  const api = await openApi(service.address, "admin");
  parts.read = async (path) => (await api.get(path)).items;
});
after(() => closeClinic(parts));

const number = (page, metric) => bedTile(page, "bay-1").locator(`[data-metric="${metric}"]`);
const send = (value) => parts.monitors.send("bay-1", "monitor-1", [spo2(value), heartRate(72)]);
const raise = async (bed, ...pressures) => {
  for (const [i, sys] of pressures.entries()) {
    const agoS = 20 * (pressures.length - 1 - i);
    await parts.monitors.measure(bed, sys, sys - 30, agoS);
  }
};
const shows = (page, value) =>
  until(`${value} is shown`, async () => {
    await send(value);
    return (await number(page, "spo2").textContent()) === String(value);
  });

/** So that its age is told in seconds for a while. */
async function measureAnew(page) {
  if ((await agesOf(page)).pressure < 30) return;
  await raise("bay-2", 205);
  await until("a new pressure", async () => (await agesOf(page)).pressure < 20);
}

function within(value, [least, most], what) {
  assert.ok(value >= least && value <= most, `${what}: ${value} is not in ${least} to ${most}`);
}

/** alarms 3: its pitch. */
const isHigh = ({ hz }) => hz === 523;

/** What the service knows of the sound of these people's screens. */
async function audioOf(owners) {
  const screens = await parts.read("/screens");
  return owners.map((owner) => screens.find((screen) => screen.owner === owner).audio);
}

async function isInJournal(text) {
  const names = await readdir(parts.directory.path);
  const files = names.filter((name) => name.startsWith("dosevigil.db"));
  const held = await Promise.all(files.map((name) => readFile(join(parts.directory.path, name))));
  return held.some((bytes) => bytes.includes(text));
}

const tap = (alarm, isTaken) => tapped(alarm.locator(".acknowledge"), isTaken);

const acksOf = async (occurrence) =>
  (await parts.read("/audit?limit=200")).filter(
    (entry) => entry.what === "acknowledge" && entry.occurrence === occurrence,
  );

test("a hidden tab says so at once, goes on saying so, and shows nobody an alarm", async () => {
  // Goal: safety:F8; alarms 9.1; Dashboard HMI 8. `seen` stands still while nobody could see.
  const { page, other } = parts;
  await says(other.locator("#watching"), /^2 screens watched$/);
  const [leases, others] = [leasesOf(page), leasesOf(other)];
  await becomes(page, "hidden");
  await says(other.locator("#watching"), /^1 screen watched$/);
  const raisedMs = Date.now();
  await raise("bay-2", 205);
  const alarm = row(other, "Systolic 205");
  await alarm.waitFor();
  const [{ seq, occurrence }] = (await parts.read("/alarms?state=present")).filter(({ text }) =>
    text.startsWith("Systolic 205"),
  );
  await row(page, "Systolic 205").waitFor({ state: "attached" });
  const hidden = leases.length;
  await until("three more leases", () => leases.length >= hidden + 3);
  const told = leases.slice(hidden);
  assert.ok(told.every((lease) => !lease.visible && lease.seen < seq), JSON.stringify(told));
  told.slice(1).forEach((lease, i) => assert.ok(lease.atMs - told[i].atMs <= LEASE_MS));
  const shown = await until("the other's receipt", () => others.find(({ seen }) => seen >= seq));
  // Unless the machine was too busy to show it in time, or for three leases.
  const isEscalated = (await alarm.getAttribute("data-escalated")) !== null;
  const inTime = shown.atMs - raisedMs < SHOWN_WITHIN_MS && Date.now() - raisedMs < 30_000;
  assert.ok(!inTime || !isEscalated, "the other screen showed it");
  await becomes(page, "visible");
  const back = await until("a receipt", () =>
    leases.find(({ visible, seen }) => visible && seen >= seq),
  );
  await says(other.locator("#watching"), /^2 screens watched$/);
  assert.deepEqual(back.beds, BEDS.map(({ id }) => id));
  assert.deepEqual(await acksOf(occurrence), [], "to see is not to acknowledge");
});

test("a hidden page's title says that nobody watches, and back it says how long", async () => {
  // Goal: Dashboard HMI 8. The title is all that is seen of it, and goes on counting its alarms.
  const { page, other } = parts;
  const title = /^\d alarms?: 1 HIGH.* · test-clinic$/;
  await until("its title", async () => title.test(await page.title()));
  const hiddenAt = Date.now();
  const atOnce = await becomes(page, "hidden");
  assert.match(atOnce, /^NOT WATCHING · \d alarms?: 1 HIGH/, "no frame is needed for it");
  await says(other.locator("#watching"), /^1 screen watched$/);
  await painted(page);
  assert.equal(await page.title(), atOnce, "painting leaves it");
  await until("some seconds", () => Date.now() - hiddenAt > 2_000);
  assert.match(await other.title(), title, "the other page watches");
  await becomes(page, "visible");
  const hiddenS = (Date.now() - hiddenAt) / 1000;
  const told = page.locator("#status-region p").last();
  await says(told, /^This page did not watch for 00:\d\d$/);
  const [, seconds] = (await told.textContent()).match(/00:(\d\d)$/);
  within(Number(seconds), [2, hiddenS], "so many seconds");
  assert.equal(await page.locator("#not-watched").innerText(), await told.textContent());
  await until("its own title again", async () => title.test(await page.title()));
  assert.equal(await other.locator("#not-watched").isVisible(), false);
  await assertAccessible(page, "back again");
});

test("a frozen tab is no watcher, and wakes up to no old number", async () => {
  // Goal: safety:F1, safety:F5; alarms 9.4. Each frame after the waking is looked at; what came
  // meanwhile is a backlog, which brings nothing back without a new snapshot. Method: a debugger
  // holds the script, its timers and its events; a browser freezes only tabs that nobody sees.
  const { page, other } = parts;
  await shows(page, 97);
  const opened = [];
  page.on("request", (request) => request.url().includes("/events") && opened.push(request.url()));
  await noteFrames(page, "bay-1", "spo2");
  const session = await page.context().newCDPSession(page);
  await session.send("Debugger.enable");
  await session.send("Debugger.pause");
  const frozenAt = Date.now();
  await says(other.locator("#watching"), /^1 screen watched$/);
  await until("it is silent for too long", async () => {
    await send(91);
    return Date.now() - frozenAt > LOST_MS + 2_000;
  });
  await session.send("Debugger.resume");
  await session.detach();
  await shows(page, 92);
  const frames = await notedFrames(page);
  const woke = frames.findIndex(({ atMs }, i) => i > 0 && atMs - frames[i - 1].atMs > LOST_MS);
  assert.ok(woke > 0, "it stood still");
  const bare = frames.slice(woke).filter((f) => !f.isLost && !f.isCovered && f.number === "97");
  assert.deepEqual(bare, [], "no frame shows the old number as if it were live");
  assert.equal(opened.length, 1, "one new connection");
  await says(other.locator("#watching"), /^2 screens watched$/);
  await page.locator("#connection-lost").waitFor({ state: "hidden" });
});

for (const [what, stepMs] of [["sleep of 20 s", 20_000], ["clock set on by an hour", 3_600_000]]) {
  test(`a ${what}: the page takes nothing old for new, and is back by itself`, async () => {
    // Goal: safety:F1, safety:F5. What the page knew may be old, so it asks anew; every age is that
    // of the service's clock, before and after.
    const { page } = parts;
    await shows(page, 95);
    await measureAnew(page);
    await page.evaluate(() => (globalThis.frames.length = 0));
    const opened = page.waitForRequest((request) => request.url().includes("/events?after="));
    const [from, before] = [Date.now(), await agesOf(page)];
    await stepClock(page, stepMs);
    await opened;
    await shows(page, 94);
    assert.ok((await notedFrames(page)).some(({ isLost }) => isLost), "it said so meanwhile");
    await page.locator("#connection-lost").waitFor({ state: "hidden" });
    const after = await agesOf(page);
    const most = passedS(from);
    for (const name of Object.keys(before))
      within(after[name] - before[name], [0, most], `${name}, in seconds`);
  });
}

test("a clock set back by an hour changes nothing that is shown", async () => {
  // Goal: safety:F1, safety:F5. Ages go on growing, and a silence is still told in time.
  const { page } = parts;
  await shows(page, 96);
  await measureAnew(page);
  const [from, before] = [Date.now(), await agesOf(page)];
  await page.evaluate(() => (globalThis.frames.length = 0));
  await stepClock(page, -3_600_000);
  await until("ages go on", async () => (await agesOf(page)).alarm >= before.alarm + 3);
  const after = await agesOf(page);
  const most = passedS(from);
  for (const name of Object.keys(before))
    within(after[name] - before[name], [2, most], `${name}, in seconds`);
  assert.ok((await notedFrames(page)).every(({ isLost, isCovered }) => !isLost && !isCovered));
});

test("one refusal at a reconnect does not end the page", async () => {
  // Goal: safety:F5. A browser gives a stream up for ever after a 503; the page opens another.
  const { page } = parts;
  const answers = [];
  page.on("response", (answer) => {
    if (answer.url().includes("/events")) answers.push(answer.status());
  });
  await page.route("**/api/v1/events?**", (route) => route.fulfill({ status: 503 }), { times: 1 });
  await stepClock(page, 0);
  await until("it has asked twice", () => answers.length === 2);
  assert.deepEqual(answers, [503, 200]);
  await shows(page, 93);
  assert.equal(await page.locator("#log-in").isVisible(), false, "and nobody was logged out");
});

test("an acknowledgement that met a busy service is tapped again, and counts once", async () => {
  // Goal: row:17 of alarms 11. The row says why; the second tap is the same command, and even where
  // it reaches the service twice there is one acknowledgement.
  const { page, other } = parts;
  const sent = [];
  await page.route("**/acknowledge", async (route) => {
    sent.push(route.request().postDataJSON());
    if (sent.length === 1) {
      const problem = { type: "/problems/busy", title: "Busy", status: 503, detail: null };
      const contentType = "application/problem+json";
      return route.fulfill({ status: 503, contentType, body: JSON.stringify(problem) });
    }
    await route.fetch();
    return route.continue();
  });
  const alarm = row(page, "Systolic 205");
  await tap(alarm, () => sent.length === 1);
  await says(alarm.locator(".notes"), /^Not acknowledged: the service is busy\. Tap again\.$/);
  assert.equal(await alarm.locator(".acked").isVisible(), false);
  await assertAccessible(page, "busy");
  await tap(alarm, () => sent.length === 2);
  for (const each of [page, other]) await says(row(each, "205").locator(".acked"), /^ACK nurse /);
  assert.equal(sent[1].command_id, sent[0].command_id);
  const acks = await acksOf(await alarm.getAttribute("data-occurrence"));
  assert.deepEqual(acks.map(({ who, answer }) => [who, answer]), [["nurse", "done"]]);
  await page.unroute("**/acknowledge");
});

test("of two who acknowledge at once one is first, and both read who", async () => {
  // Goal: row:16a of alarms 11. Both taps are held on their way, and let go together.
  const both = [parts.page, parts.other];
  await raise("bay-3", 207);
  const held = [];
  for (const page of both) {
    await waitForAnswers(page);
    await page.route("**/acknowledge", (route) => void held.push(route), { times: 1 });
  }
  for (const [i, page] of both.entries()) {
    await row(page, "Systolic 207").waitFor();
    await tap(row(page, "Systolic 207"), () => held.length === i + 1);
  }
  await Promise.all(held.map((route) => route.continue()));
  const acked = both.map((page) => row(page, "Systolic 207").locator(".acked"));
  for (const each of acked) await says(each, /^ACK (nurse|lead) \d\d:\d\d:\d\d$/);
  assert.equal(await acked[0].textContent(), await acked[1].textContent());
  for (const page of both)
    assert.doesNotMatch(await row(page, "Systolic 207").locator(".notes").textContent(), /^Not /);
  const acks = await acksOf(await row(both[0], "207").getAttribute("data-occurrence"));
  const [first] = (await acked[0].textContent()).match(/nurse|lead/);
  const done = acks.filter(({ answer }) => answer === "done");
  assert.deepEqual(done.map(({ who }) => who), [first]);
});

test("what began and ended while a page was cut off is listed when it is back", async () => {
  // Goal: safety:F5; alarms 9.4: no gap goes unsaid, until a person has seen it. Method:
  // the page takes its connection for dead, and gets no other.
  const { page, other } = parts;
  await page.route("**/api/v1/events?**", (route) => route.abort());
  await stepClock(page, 20_000);
  await page.locator("#connection-lost").waitFor();
  await raise("bay-4", 85, 85);
  const alarm = row(other, "bay-4");
  await alarm.waitFor();
  await until("it is over", async () => {
    await raise("bay-4", 120);
    return (await alarm.count()) === 0;
  });
  await page.unroute("**/api/v1/events?**");
  const missed = page.locator("#missed");
  await says(missed.locator("p"), /^Missed while disconnected: 1 alarm: 1 MEDIUM$/);
  await page.click("#missed-show");
  const line = /bay-4.*Systolic 85.*\d\d:\d\d:\d\d to \d\d:\d\d:\d\d/s;
  await says(page.locator("#missed-list"), line);
  assert.equal(await row(page, "bay-4").count(), 0, "it is no alarm that stands");
  assert.equal(await other.locator("#missed").isVisible(), false, "the other page missed nothing");
  await assertAccessible(page, "missed");
  await page.click("#missed-seen");
  await missed.waitFor({ state: "hidden" });
});

test("sound that is taken away is told here, and on every screen if nobody hears", async () => {
  // technical:sound-locked
  // Goal: Dashboard HMI 7. One screen that is heard is enough; the service gives screens a minute
  // after its start.
  const { page, other } = parts;
  await suspendSound(page);
  const bar = page.locator("#sound-bar");
  await bar.waitFor();
  await says(bar, /SOUND IS OFF ON THIS SCREEN/);
  const { width, height } = await bar.boundingBox();
  assert.ok(width >= 0.98 * DESK.width && height >= 44, `${width} x ${height}`);
  await assertAccessible(page, "sound off");
  await eventually(() => audioOf(["nurse", "lead"]), ["locked", "unlocked"], "the service knows");

  await suspendSound(other);
  for (const each of [page, other]) {
    const alarm = row(each, "Sound is off on every screen");
    await alarm.waitFor({ timeout: 90_000 });
    assert.equal(await alarm.locator(".word").textContent(), "MEDIUM");
    assert.equal(await alarm.getAttribute("data-kind"), "technical");
  }
  await other.click("#sound-start");
  await other.locator("#sound-bar").waitFor({ state: "hidden" });
  for (const each of [page, other])
    await row(each, "Sound is off on every screen").waitFor({ state: "detached" });
  assert.equal(await bar.isVisible(), true, "here it is off all the same");
});

test("a sound card that stands still though it says that it runs is no sound", async () => {
  // Goal: Dashboard HMI 7, the self-test. The button opens another card, which alarms sound on.
  const { page } = parts;
  await page.click("#sound-start");
  const bar = page.locator("#sound-bar");
  await bar.waitFor({ state: "hidden" });
  await page.evaluate(() => {
    const [card] = globalThis.cards;
    Object.defineProperty(card, "currentTime", { value: card.currentTime });
  });
  await bar.waitFor();
  const before = (await pulses(page)).length;
  await page.click("#sound-start");
  await bar.waitFor({ state: "hidden" });
  const cards = () => page.evaluate(() => globalThis.cards.map(({ state }) => state));
  await eventually(cards, ["closed", "running"], "another card");
  await raise("bay-4", 209);
  const isHeard = async () => (await pulses(page)).slice(before).filter(isHigh).length >= 20;
  await until("the test and then the alarm, ten pulses each", isHeard);
});

test("whether a person heard the test sounds is recorded with the name", async () => {
  // Goal: alarms 3 and 8: a "no" makes the screen one that nobody hears; a "yes" is told at the
  // screen's foot and in the list of screens. The journal, which keeps both, is read as bytes.
  const { other } = parts;
  await other.click("#sound-not-heard");
  await says(other.locator("#sound-question"), /NOBODY HEARS THIS SCREEN/);
  await eventually(() => audioOf(["lead"]), ["muted"], "muted");
  await other.click("#sound-heard");
  await other.locator("#sound-test").waitFor({ state: "hidden" });
  await eventually(() => audioOf(["lead"]), ["unlocked"], "heard");
  for (const heard of [false, true])
    await until("it is recorded", () => isInJournal(`"test":{"heard":${heard},"by":"lead"}`));
  await says(other.locator("#sound-told"), /^Sound heard by lead \d\d:\d\d$/);
  const screens = await parts.read("/screens");
  const { sound_test: told } = screens.find(({ owner }) => owner === "lead");
  assert.deepEqual([told.heard, told.by], [true, "lead"]);
});

test("no page of all this has failed", () => {
  assert.deepEqual(parts.faults(), []);
});
