import assert from "node:assert/strict";
import { test } from "node:test";
import { createPutOff } from "../frame.ts";
import { at } from "./samples.ts";

test("what covers a page that hangs is put off by messages, at most 4 times a second", () => {
  // Goal: safety F5 at a low cost: never put off without a message, never later than the last one.
  let lookedUp = 0;
  const countdown = { currentTime: 700 };
  const overlay = { getAnimations: () => ((lookedUp += 1), [countdown]) };
  const putOff = createPutOff(overlay as unknown as Element);
  putOff(at(1));
  assert.deepEqual([lookedUp, countdown.currentTime], [1, 0]);
  countdown.currentTime = 200;
  putOff(at(1.2));
  assert.deepEqual([lookedUp, countdown.currentTime], [1, 200]);
  putOff(at(1.25));
  assert.deepEqual([lookedUp, countdown.currentTime], [2, 0]);
});
