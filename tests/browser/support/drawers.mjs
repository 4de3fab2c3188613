// A bed's drawers as a test works them.

import { press } from "./browser.mjs";

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
export const send = (page) => press(form(page).locator(".send"));
export const why = (page) => form(page).locator(".why");
export const tick = (page, label) => form(page).locator(".choice", { hasText: label }).click();
export const type = (page, name, text) => form(page).locator(`[name="${name}"]`).fill(text);
