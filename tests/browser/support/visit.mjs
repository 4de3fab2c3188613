// What a person at a bed's page sees and presses through a whole visit: by roles, labels and words,
// never by the API. Shared by the visits with the mouse, by touch and by keyboard.

import assert from "node:assert/strict";
import { AGAIN, assertAccessible, press, says as saysAll } from "./browser.mjs";
import { until, WITHIN_MS } from "./process.mjs";

const AGAIN_AFTER_MS = 300;

/** What a person reads there: nothing that is hidden. */
export const says = (locator, pattern, withinMs = WITHIN_MS) =>
  saysAll(locator, pattern, withinMs, "allInnerTexts");

export const button = (page, name) => page.getByRole("button", { name, exact: true });
/** The form of the drawer that is open. */
export const form = (page) => page.locator(".drawer form:visible");
/** By the beginning of its label: a unit or "(optional)" may follow. */
export const field = (page, label) => form(page).getByLabel(new RegExp(`^${label}`));
export const why = (page) => form(page).locator(".why:visible").first();
export const tile = (page) => page.locator(".bed-page .tile");
export const tasks = (page) => page.locator(".tasks");
export const missing = (page) => page.locator(".drawer .gate-head, .drawer .missing");

/** Opens a drawer by its word, if it has not opened by itself. */
export async function openDrawer(page, word) {
  const deeds = page.getByRole("group", { name: "What to do" });
  const tab = deeds.getByRole("button", { name: word, exact: true });
  const isOpen = async () => (await tab.getAttribute("aria-expanded")) === "true";
  if (!(await isOpen())) await press(tab);
  await until(`the drawer ${word}`, isOpen);
}

/** The rows of the alarm strip that are about this bed. */
export const alarmsOf = (page, bed) => page.locator("#alarms .alarm", { hasText: bed });

/** Acknowledges each HIGH alarm of this bed, as a person does who wants the session to end. */
export async function acknowledgeHigh(page, bed) {
  const high = alarmsOf(page, bed)
    .filter({ hasText: "HIGH" })
    .getByRole("button", { name: /^Acknowledge/ });
  for (const one of await high.all()) await one.click({ timeout: 2_000 }).catch(() => {});
}

/** The report as it is opened from the record, in a page of its own. */
export async function openReport(page) {
  const [report] = await Promise.all([
    page.context().waitForEvent("page"),
    page.getByRole("link", { name: "Report (prints)" }).click(),
  ]);
  await report.waitForLoadState();
  return report;
}

/** The report holds all of `wanted`, is accessible with the sheet in it, and prints on more than
 * one page, none of them blank. */
export async function assertReport(report, wanted) {
  await assertAccessible(report, "the report");
  const text = await report.locator("body").innerText();
  for (const part of wanted) assert.match(text, part);
  const pdf = (await report.pdf({ format: "A4" })).toString("latin1");
  const pages = pdf.match(/\/Type \/Page\n[^]*?endobj/g) ?? [];
  assert.ok(pages.length > 1, `${pages.length} pages`);
  for (const page of pages) assert.match(page, /\/Font/, "a page without any text");
}

/** Tries until it is done: an alarm that came a moment ago is acknowledged first. */
export async function endSession(page, bed) {
  await until("the session's record", async () => {
    await acknowledgeHigh(page, bed);
    await button(page, "End the session").click({ timeout: 2_000 }).catch(() => {});
    await page.waitForURL(/\/sessions\//, { timeout: 2_000 }).catch(() => {});
    return /\/sessions\//.test(page.url());
  });
}

export const CHECKS = ["Awake", "Oriented", "Walks steadily", "Symptoms gone", "Escort is here"];

/** Presses (a button by its word, or what does it) until it says so; again only where the page asks
 * for another press. */
export async function pressUntil(page, what, locator, pattern) {
  const act = typeof what === "string" ? () => press(button(page, what)) : what;
  await act();
  const told = page.locator(".drawer .why:visible");
  try {
    await until(`${pattern}`, async () => {
      if (pattern.test((await locator.allInnerTexts()).join("\n"))) return true;
      if (!AGAIN.test((await told.allInnerTexts()).join(" "))) return false;
      await page.waitForTimeout(AGAIN_AFTER_MS);
      await act();
      return false;
    }, WITHIN_MS);
  } catch (error) {
    throw new Error(`${error.message}; beside it: "${await told.allInnerTexts()}"`);
  }
}

/** At once: where a minute is a second, readings go out of sight while each is let go by itself. */
export const untickAll = (page) =>
  page.locator(".reading :checked").evaluateAll((all) => all.forEach((box) => box.click()));

export async function observe(page) {
  await openDrawer(page, "Observation");
  await press(form(page).getByText("Nausea", { exact: true }));
  await press(form(page).getByText("4 slow to answer", { exact: true }));
  await pressUntil(page, "Take observation", why(page), /^Taken/);
}

export async function allIsWell(page) {
  await openDrawer(page, "Observation");
  await pressUntil(page, "No symptoms, MOAA/S 5", why(page), /^Taken/);
}

export async function tightenSystolic(page) {
  await openDrawer(page, "Limits");
  const limit = page.locator('.limit-row[data-key^="bp-high B2 nibp_sys"]');
  await press(limit);
  await field(page, "New limit").fill("170");
  await field(page, "Reason").fill("was 165 at home");
  await pressUntil(page, "Change the limit", limit, /≥ 170 mmHg/);
}

export async function takeByHand(page, systolic, diastolic) {
  await openDrawer(page, "Vitals by hand");
  await field(page, "Systolic").fill(systolic);
  await field(page, "Diastolic").fill(diastolic);
  await press(form(page).getByText("Aneroid cuff", { exact: true }));
  await pressUntil(page, "Enter", why(page), /^Entered|entered before/);
}

/** A pressure that is HIGH at once; the monitor's next one ends it. */
export async function raiseAndAcknowledge(page, bed) {
  await takeByHand(page, "204", "104");
  const row = alarmsOf(page, bed).filter({ hasText: "Systolic 204" });
  await untilAcknowledged(row, async () => {
    const tap = row.getByRole("button", { name: /^Acknowledge/ });
    await tap.click({ timeout: 3_000 }).catch(() => {});
  });
}

/** A list that has just moved takes no tap, and says so: a person taps again. An alarm that the
 * monitor's next pressure has ended leaves the list as soon as it is acknowledged, not before. */
export async function untilAcknowledged(row, press) {
  await row.waitFor({ timeout: WITHIN_MS });
  await until("it is acknowledged", async () => {
    if (/ACK nurse|^$/.test((await row.allInnerTexts()).join(""))) return true;
    await press();
    return false;
  }, WITHIN_MS);
}

export async function goHomeTooEarly(page, lack) {
  await press(form(page).getByText("Home, escorted", { exact: true }));
  await pressUntil(page, "End the session", why(page), /^Not ended: .*an escort/);
  await says(why(page), lack);
}

export async function goHome(page, bed) {
  for (const check of CHECKS) await press(form(page).getByText(check, { exact: true }));
  await press(form(page).getByText("Home, escorted", { exact: true }));
  await endSession(page, bed);
  await says(page.locator(".record-head"), /Home, escorted/);
}

/** What has the focus: its label, else its words. */
const focusName = (page) =>
  page.evaluate(() => {
    const it = document.activeElement;
    const words = it?.getAttribute("aria-label") ?? it?.labels?.[0]?.innerText ?? it?.innerText;
    return it === document.body ? "" : (words ?? "").replace(/\s+/g, " ").trim();
  });

const isCalled = (name, told) =>
  name instanceof RegExp ? name.test(told) : told.startsWith(name);

/** The page worked by keys alone; `pressed` counts them, without those that type. */
export function keyboardOf(page) {
  let pressed = 0;
  async function pressKeys(...keys) {
    for (const key of keys) await page.keyboard.press(key);
    pressed += keys.length;
  }
  /** The focus is there, or comes there by itself. */
  async function isAt(name, withinMs = WITHIN_MS) {
    let at = "";
    const isThere = async () => {
      at = await focusName(page);
      return isCalled(name, at);
    };
    await until(`the focus on "${name}"`, isThere, withinMs).catch((error) => {
      throw new Error(`${error.message}: it is on "${at}"`);
    });
  }
  /** Goes on by `key` until the focus is there. */
  async function to(name, key = "Tab", most = 30) {
    const passed = [];
    for (let n = 0; n <= most; n += 1) {
      passed.push(await focusName(page));
      if (isCalled(name, passed.at(-1))) return;
      await pressKeys(key);
    }
    assert.fail(`"${name}" is not within ${most} keys: ${passed.join(" > ")}`);
  }
  const type = (text) => page.keyboard.type(text);
  return { press: pressKeys, type, isAt, to, pressed: () => pressed };
}

/** A finger on the page, which counts its touches. Where the page asks for another one, that is
 * the busy machine's, and is not counted. */
export function fingerOn(page) {
  let touched = 0;
  async function tap(locator, how) {
    await press(locator, (it) => it.tap(how));
    touched += 1;
  }
  async function tapUntil(locator, said, pattern) {
    await pressUntil(page, () => press(locator, (it) => it.tap()), said, pattern);
    touched += 1;
  }
  return { tap, tapUntil, taps: () => touched };
}
