// The trend of one bed as it is read with the mouse (issue 5, item 2: "hover to read; 15 min /
// session / all"), on a simulated clinic: a patient's past stays as it was. In this order.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openApi } from "./support/api.mjs";
import { launch, openWard, press } from "./support/browser.mjs";
import { go } from "./support/drawers.mjs";
import { startDemo, until } from "./support/process.mjs";

/** Its patient was dosed long before the demo opened. */
const BED = "bay-2";
const QUARTER_MS = 15 * 60_000;
const DAY_MS = 24 * 3_600_000;
/** In 15 minutes; the service tells so many at once. */
const [BUCKET_MS, BUCKETS] = [2_000, 600];
/** Of the plots from above: phases and doses, pressure, rate, saturation. */
const PLOTS = { pressure: 1, rate: 2, spo2: 3 };

let parts;
before(async () => {
  const demo = await startDemo();
  parts = { demo, browser: await launch() };
  const api = await openApi(demo.address);
  const { session } = await api.get(`/beds/${BED}`);
  const { started, doses } = await api.get(`/sessions/${session.id}`);
  const [startedMs, dosedMs] = [started, doses[0].started].map(Date.parse);
  const opened = await openWard(parts.browser, demo.address);
  parts = { ...parts, ...opened, api, startedMs, dosedMs };
  await go(opened.page, `/beds/${BED}`);
  await opened.page.locator(".trend canvas").first().waitFor();
});
after(async () => {
  await parts?.browser.close();
  await parts?.demo.kill();
});

const trend = (query) => parts.api.get(`/beds/${BED}/trend?${query}`);
/** By the service's clock. */
const now = async () => Date.parse((await trend("points=1")).to);
const choose = (name) => press(parts.page.locator(".ranges").getByRole("button", { name }));

/** Puts the mouse over a plot at this share of its width; each time a little lower or higher. */
async function hover(plot, share) {
  const box = await parts.page.locator(".u-over").nth(PLOTS[plot]).boundingBox();
  const across = Math.min(Math.max(share * box.width, 1), box.width - 2);
  parts.isLower = !parts.isLower;
  await parts.page.mouse.move(box.x + across, box.y + box.height / 2 + (parts.isLower ? 4 : 0));
}

/** What the line tells, and of which moment: by the time since the dose, in whole seconds. */
async function told() {
  const text = await parts.page.locator(".trend-line").textContent();
  const [, sign, since] = /^\d\d:\d\d:\d\d · T([+−])([\d:]+) · /.exec(text) ?? [];
  if (since === undefined) return { text, at: Number.NaN };
  const ms = since.split(":").reduce((sum, part) => 60 * sum + Number(part), 0) * 1000;
  return { text, at: parts.dosedMs + (sign === "−" ? -ms : ms) };
}

/** Until the line tells of the moment that is under the mouse where the plots begin at `begin` and
 * end now; the page may be behind, and read again first. */
async function readAt(plot, share, begin) {
  const asked = await now();
  const momentAt = (end) => begin(end) + share * (end - begin(end));
  const slackMs = 0.02 * (asked - begin(asked)) + 4_000;
  let found = null;
  await until("the moment under the mouse", async () => {
    await hover(plot, share);
    found = await told();
    const least = momentAt(asked) - slackMs;
    return found.at >= least && found.at <= momentAt(await now()) + slackMs;
  }).catch((error) => {
    throw new Error(`${error.message}, ${share} of the ${plot}: it says "${found?.text}"`);
  });
  return found;
}

/** What the service tells of these two seconds; the cuff's reading is the last one until then. */
async function knownAt(at) {
  const [from, to] = [at + BUCKET_MS - BUCKETS * BUCKET_MS, at + BUCKET_MS];
  const [first, last] = [from, to].map((ms) => new Date(ms).toISOString());
  const { series, bucket_s: bucketS } = await trend(`from=${first}&to=${last}&points=${BUCKETS}`);
  assert.equal(bucketS * 1000, BUCKET_MS);
  const means = (name) => (series[name]?.buckets ?? []).map((one) => one?.mean.toFixed(0) ?? null);
  const cuffed = means("nibp_sys").findLastIndex((mean) => mean !== null);
  const [sys, dia, map] = ["sys", "dia", "map"].map((name) => means(`nibp_${name}`)[cuffed]);
  const span = (one) => {
    const mean = one.mean.toFixed(0);
    return one.min === one.max ? mean : `${mean} (${one.min}–${one.max})`;
  };
  const ofRate = series.hr?.buckets.at(-1) ?? series.pulse.buckets.at(-1);
  return {
    pressure: `BP ${sys}/${dia} (${map}) at `,
    cuffedAt: from + cuffed * BUCKET_MS,
    rate: `HR ${span(ofRate)}`,
    spo2: `SpO₂ ${span(series.spo2.buckets.at(-1))}`,
  };
}

/** Any zone is off by whole quarters of an hour. */
const isClock = (clock, ms) => {
  const [, minutes, seconds = "0"] = clock.split(":");
  return (Number(minutes) * 60 + Number(seconds)) % 900 === Math.floor(ms / 1000) % 900;
};

test("the mouse over a plot reads what was measured at that moment, and at which", async () => {
  // Goal: issue 5, item 2. Method: a part of the past, against what the service tells of it.
  const { page, faults } = parts;
  await choose("15 min");
  const quarter = (end) => end - QUARTER_MS;
  const read = [];
  for (const [plot, share] of [["pressure", 0.55], ["spo2", 0.55], ["rate", 0.8]]) {
    const { text, at: since } = await readAt(plot, share, quarter);
    const at = Math.ceil(since / BUCKET_MS) * BUCKET_MS;
    assert.ok(at < since + 1000, `${text}: not where a bucket begins`);
    const known = await knownAt(at);
    const [clock] = text.split(" · ");
    const [, cuffedAt = ""] = / at (\d\d:\d\d) · /.exec(text) ?? [];
    for (const part of [known.pressure, known.rate, known.spo2])
      assert.ok(text.includes(part), `"${text}" has "${part}"`);
    assert.ok(isClock(clock, at), `${clock} is no clock's ${new Date(at).toISOString()}`);
    assert.ok(isClock(cuffedAt, known.cuffedAt - (known.cuffedAt % 60_000)), cuffedAt);
    read.push(at);
  }
  assert.ok(read[2] - read[1] > QUARTER_MS / 5, "further to the right is later");
  await page.mouse.move(2, 2);
  const left = await now();
  await until("away from it, the newest", async () => (await told()).at > left - 60_000);
  assert.deepEqual(faults, []);
});

test("15 min, session and all are what the plots are wide", async () => {
  // Goal: issue 5, item 2. Method: the moments at both ends, as the mouse reads them there.
  const { page, faults } = parts;
  const begins = {
    All: (end) => end - DAY_MS + QUARTER_MS,
    Session: () => parts.startedMs,
    "15 min": (end) => end - QUARTER_MS,
  };
  for (const [name, begin] of Object.entries(begins)) {
    await choose(name);
    for (const share of [0, 1]) await readAt("rate", share, begin);
    const pressed = await page.locator('.ranges [aria-pressed="true"]').allTextContents();
    assert.equal(pressed.length, 1);
    assert.ok(pressed[0].startsWith(name), pressed[0]);
  }
  assert.deepEqual(faults, []);
});
