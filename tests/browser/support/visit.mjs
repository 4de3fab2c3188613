// What a person at a bed's page sees and presses through a whole visit: by roles, labels and words,
// never by the API. Shared by the visits with the mouse, by touch and by keyboard.

import assert from "node:assert/strict";
import { until } from "./process.mjs";

const SAID_WITHIN_MS = 20_000;

/** Waits until it says so; if it never does, what it says instead is told. */
export async function says(locator, pattern, withinMs = SAID_WITHIN_MS) {
  let said = null;
  try {
    await until(`${pattern}`, async () => {
      said = (await locator.count()) === 0 ? null : await locator.first().innerText();
      return pattern.test(said ?? "");
    }, withinMs);
  } catch (error) {
    throw new Error(`${error.message}: it says "${said}"`);
  }
}

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
  if (!(await isOpen())) await tab.click();
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

/** The report holds all of `wanted`, and prints on more than one page, none of them blank. */
export async function assertReport(report, wanted) {
  const text = await report.locator("body").innerText();
  for (const part of wanted) assert.match(text, part);
  const pdf = (await report.pdf({ format: "A4" })).toString("latin1");
  const pages = pdf.match(/\/Type \/Page\n[^]*?endobj/g) ?? [];
  assert.ok(pages.length > 1, `${pages.length} pages`);
  for (const page of pages) assert.match(page, /\/Font/, "a page without any text");
}
