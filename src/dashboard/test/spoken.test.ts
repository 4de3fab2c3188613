import assert from "node:assert/strict";
import { test } from "node:test";
import { tileSpoken } from "../messages/spoken.ts";
import { occurrence, snapshot } from "./samples.ts";

test("a tile read aloud tells whose bed it is, each value, and how long its alarm stands", () => {
  // Goal: alarms, Dashboard HMI 9. It changes seldom, or a screen reader would never be done.
  const [bed] = snapshot().beds;
  assert.ok(bed !== undefined);
  const alarm = occurrence({ bed: bed.id });
  const silent = tileSpoken(bed, 0, null, 0);
  assert.ok(silent.startsWith(bed.label), silent);
  for (const metric of ["systolic", "diastolic", "heart rate"])
    assert.ok(silent.includes(metric), metric);
  const table = [
    [0, "just now"],
    [9, "just now"],
    [10, "for 10 seconds"],
    [59, "for 50 seconds"],
    [60, "for 1 minute"],
    [3 * 60 + 59, "for 3 minutes"],
  ] as const;
  for (const [lengthS, words] of table) {
    const spoken = tileSpoken(bed, 0, alarm, lengthS);
    assert.ok(spoken.startsWith(silent), spoken);
    assert.ok(spoken.includes(alarm.text) && spoken.endsWith(words), `${lengthS} s: ${spoken}`);
  }
});
