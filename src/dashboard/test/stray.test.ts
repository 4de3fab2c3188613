import assert from "node:assert/strict";
import { test } from "node:test";
import { createStray, STRAY_MS } from "../stray.ts";

function typing(): {
  clock: { ms: number; focused: boolean };
  stray: ReturnType<typeof createStray>;
} {
  const clock = { ms: 0, focused: true };
  const stray = createStray(() => clock.ms);
  stray.at(() => clock.focused);
  return { clock, stray };
}

test("letters typed on after their field went are no commands, however long the text", () => {
  // Goal: "was treated" must not jump to an alarm and acknowledge it.
  const { clock, stray } = typing();
  clock.focused = false;
  for (const _ of "was treated, and the doctor knows") {
    clock.ms += STRAY_MS - 1;
    assert.equal(stray.takes(), true);
  }
  clock.ms += STRAY_MS;
  assert.equal(stray.takes(), false, "after a pause a letter is meant");
});

test("a field that went long ago holds up nobody", () => {
  const { clock, stray } = typing();
  clock.focused = false;
  stray.look();
  clock.ms = STRAY_MS;
  assert.equal(stray.takes(), false);
});

test("who left the field by Enter, Escape, Tab or a tap gives commands at once", () => {
  const { clock, stray } = typing();
  stray.left();
  clock.focused = false;
  assert.equal(stray.takes(), false);
});

test("while the field has the focus nothing is held back", () => {
  const { stray } = typing();
  stray.look();
  assert.equal(stray.takes(), false);
});
