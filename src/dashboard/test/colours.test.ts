import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const STYLES = readFileSync("styles.css", "utf8");

/** WCAG 2.2's relative luminance of a colour of the style sheet: 0 black, 1 white. */
function luminance(name: string): number {
  const [, hex] = STYLES.match(new RegExp(`--${name}: #([0-9a-f]{6});`)) ?? [];
  assert.ok(hex !== undefined, name);
  const parts = [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const linear = (c: number): number => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const [red = 0, green = 0, blue = 0] = parts.map(linear);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const contrast = (a: number, b: number): number =>
  (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

test("without colours HIGH is told from MEDIUM by its lightness, and each is legible", () => {
  // Goal: alarms, Dashboard HMI 3. 3:1 is what WCAG asks of parts that are to be told apart.
  const apart = contrast(luminance("high"), luminance("medium"));
  assert.ok(apart >= 3, `${apart.toFixed(2)}:1`);
  for (const one of ["high", "medium", "low"]) {
    const legible = contrast(luminance(one), luminance(`${one}-ink`));
    assert.ok(legible >= 4.5, `${one}: ${legible.toFixed(2)}:1`);
  }
});
