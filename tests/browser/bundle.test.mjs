// A page that loads at once over a clinic's worst network: all of it together stays small.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { buildPage, weigh } from "./support/bundle.mjs";
import { folder } from "./support/process.mjs";

const AT_MOST_BYTES = 150_000;

let built;
before(async () => {
  built = await folder();
  await buildPage(built.path);
});
after(() => built?.remove());

test("the whole page is at most 150 kB, gzipped", async (t) => {
  // Goal: issue 5's bound; scripts, styles and page, whether they are loaded at once or later.
  const files = await weigh(built.path);
  for (const kind of [".html", ".js", ".css"])
    assert.ok(files.some(({ name }) => name.endsWith(kind)), `nothing was built: no ${kind}`);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const each = files.map((file) => `${file.name} ${file.bytes}`).join(", ");
  t.diagnostic(`${bytes} bytes of ${AT_MOST_BYTES}: ${each}`);
  assert.ok(bytes <= AT_MOST_BYTES, `${bytes} bytes: ${each}`);
});
