// A bed's drawers as a test works them.

import { AGAIN, press } from "./browser.mjs";
import { until } from "./process.mjs";

export const go = (page, path) =>
  page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
export const open = async (page, drawer) => {
  const tab = page.locator(`[data-drawer="${drawer}"]:not(:empty)`);
  if ((await tab.getAttribute("aria-expanded")) !== "true") await press(tab);
};
/** The form of the drawer that is open. */
export const form = (page) => page.locator(".drawer form:visible");
/** Sends it, and waits for the answer; again, where a busy service gave none. */
export async function send(page) {
  const sending = page.locator(".drawer .send:disabled");
  await until("what was sent is answered", async () => {
    await press(form(page).locator(".send"));
    await until("an answer", async () => (await sending.count()) === 0);
    return !AGAIN.test((await why(page).allTextContents()).join(" "));
  });
}
export const why = (page) => form(page).locator(".why");
export const tick = (page, label) => press(form(page).locator(".choice", { hasText: label }));
export const type = (page, name, text) => form(page).locator(`[name="${name}"]`).fill(text);
