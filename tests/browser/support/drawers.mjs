// A bed's drawers as a test works them, and the API beside the page.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { press } from "./browser.mjs";
import { PASSWORD } from "./process.mjs";

/** The API as the nurse's own program would use it. */
export async function openApi(address, name = "nurse") {
  const json = { "content-type": "application/json" };
  const body = JSON.stringify({ name, password: PASSWORD });
  const login = await fetch(`${address}/api/v1/login`, { method: "POST", headers: json, body });
  const cookie = login.headers.get("set-cookie").split(";")[0];
  const { csrf } = await login.json();
  return async (method, path, sent) => {
    const headers = { ...json, cookie, "x-csrf-token": csrf };
    const text = sent && JSON.stringify({ ...sent, command_id: randomUUID() });
    const answer = await fetch(`${address}/api/v1${path}`, { method, headers, body: text });
    const came = await answer.json();
    assert.ok(answer.ok, `${method} ${path}: ${JSON.stringify(came)}`);
    return came;
  };
}

/** Somebody who works without the page. */
export async function personAt(address, name) {
  const api = `${address}/api/v1`;
  const json = { "content-type": "application/json" };
  const body = JSON.stringify({ name, password: PASSWORD });
  const answer = await fetch(`${api}/login`, { method: "POST", headers: json, body });
  const { csrf } = await answer.json();
  const cookie = answer.headers.getSetCookie().map((it) => it.split(";")[0]).join("; ");
  const headers = { ...json, cookie, "x-csrf-token": csrf };
  return {
    open: (path, signal) => fetch(`${api}${path}`, { headers, signal }),
    act: async (path, act) => {
      const sent = JSON.stringify({ ...act, command_id: randomUUID() });
      const done = await fetch(`${api}${path}`, { method: "POST", headers, body: sent });
      assert.equal(done.status, 200, `${path}: ${await done.text()}`);
    },
  };
}

export const go = (page, path) =>
  page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
export const open = async (page, drawer) => {
  const tab = page.locator(`[data-drawer="${drawer}"]:not(:empty)`);
  if ((await tab.getAttribute("aria-expanded")) !== "true") await tab.click();
};
/** The form of the drawer that is open. */
export const form = (page) => page.locator(".drawer form:visible");
export const send = (page) => press(form(page).locator(".send"));
export const why = (page) => form(page).locator(".why");
export const tick = (page, label) => form(page).locator(".choice", { hasText: label }).click();
export const type = (page, name, text) => form(page).locator(`[name="${name}"]`).fill(text);
