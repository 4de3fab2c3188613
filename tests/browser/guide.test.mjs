// The first minute (issue 5, item 9): the demo guides a new nurse, who can send the guide away.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  assertAccessible,
  assertLaidOut,
  eventually,
  launch,
  openWard,
  press,
  says,
} from "./support/browser.mjs";
import { startDemo, until } from "./support/process.mjs";
import { chooseBed, tapped } from "./support/ward.mjs";

let parts;
before(async () => {
  parts = { demo: await startDemo("--speed", "5"), browser: await launch() };
});
after(async () => {
  await parts?.browser.close();
  await parts?.demo.kill();
});

const ticked = (page) =>
  page.locator("#guide [data-done]").evaluateAll((all) => all.map((e) => e.dataset.step));

test("the steps tick themselves off, and the guide covers no number", async () => {
  // Goal: issue 5, item 9.
  const { page, faults } = await openWard(parts.browser, parts.demo.address);
  const text = page.locator(".guide-text");
  await says(text, /^A patient was dosed \d+ min ago in Bay \d\. Open Bay \d/);
  assert.deepEqual(await ticked(page), []);
  const [guide, ward] = await Promise.all(
    ["#guide", "#ward"].map((of) => page.locator(of).boundingBox()),
  );
  assert.ok(guide.y >= ward.y + ward.height - 1, "below the ward");
  await assertLaidOut(page, "the ward over the guide");
  await assertAccessible(page, "the guide");
  await page.click(".guide-go");
  await until("the look", async () => (await ticked(page)).includes("look"));
  await page.locator(".alarm:not([data-light=ended]) .bed", { hasText: "Bay" }).first().waitFor();
  const answer = page.locator(".alarm .acknowledge:visible").first();
  await tapped(answer, async () => (await ticked(page)).includes("acknowledge"));
  await says(text, /While it sounds, choose its bed/);

  await page.getByRole("button", { name: "Hide guide" }).click();
  await page.reload();
  await page.locator(".bed-page .tile").waitFor();
  assert.equal(await page.locator("#guide").isVisible(), false, "for good");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("no button lies over what a nurse chooses on a low screen", async () => {
  // Goal: issue 5, item 9: beside guide and alarms a drawer is low; it scrolls, nothing covers it.
  const size = { width: 1280, height: 800 };
  const { page } = await openWard(parts.browser, parts.demo.address, size);
  await chooseBed(page, "bay-5");
  await page.click("#bed-chosen");
  await page.locator(".start-form .choice").first().waitFor();
  assert.equal(await page.locator("#guide").isVisible(), true);
  const covered = () => page.evaluate(() => {
    const send = document.querySelector(".start-form .send-row").getBoundingClientRect();
    return [...document.querySelectorAll(".start-form :is(.choice, input)")]
      .map((it) => [it.textContent || it.name, it.getBoundingClientRect()])
      .filter(([, { top, bottom }]) => top < send.bottom && bottom > send.top)
      .map(([name]) => name);
  });
  await eventually(covered, [], "what is covered");
  // By the nurse's own tap the drawer comes as a whole, as far as there is room.
  await press(page.locator('[data-drawer="vitals"]'));
  await press(page.locator('[data-drawer="start"]'));
  const places = [".start-form .field", ".start-form .send", ".bed-panel"];
  await until("its first field is in sight, and its button", async () => {
    const [head, send, panel] = await Promise.all(
      places.map((it) => page.locator(it).first().boundingBox()),
    );
    return head.y >= panel.y && send.y < panel.y + panel.height;
  });
  await page.context().close();
});

test("a viewer, who can do none of it, is not guided", async () => {
  // Goal: issue 5, item 9.
  const { page } = await openWard(parts.browser, parts.demo.address, undefined, "viewer");
  await page.locator(".tile .number").first().waitFor();
  assert.equal(await page.locator("#guide").isVisible(), false);
  await page.context().close();
});
