// When a button may be pressed: only how it stands, without a page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createStands, type Stand } from "../press-guard.ts";

const of = {};
const stand = (more: Partial<Stand> = {}): Stand => {
  return { seen: "10 20", laid: "10 220", about: "Give device 1", ...more };
};

test("a button stands since it came, moved, or came to mean something else", () => {
  const table: readonly [string, Stand | null, number][] = [
    ["it stays", stand(), 0],
    ["it was scrolled", stand({ seen: "10 90" }), 0],
    ["it sticks to an edge while the rest is scrolled", stand({ laid: "10 290" }), 0],
    ["it was moved", stand({ seen: "10 90", laid: "10 290" }), 50],
    ["another dose, the same place", stand({ about: "Give device 2" }), 50],
    ["it went", null, 50],
  ];
  for (const [what, next, since] of table) {
    const stands = createStands();
    assert.equal(stands.note(of, stand(), 0), 0);
    assert.equal(stands.note(of, next, 50), since, what);
  }
});

test("one that went and came back is new, one that a person asked for is not", () => {
  const stands = createStands();
  stands.note(of, stand(), 0);
  stands.note(of, null, 50);
  assert.equal(stands.note(of, stand(), 90), 90);
  stands.know(of, stand());
  assert.ok(stands.note(of, stand(), 95) < 0);
  assert.equal(stands.note(of, stand({ about: "Dose given" }), 99), 99);
});
