// The page as a release embeds it, built anew from src/dashboard: how much goes over the network.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { folder } from "./support/process.mjs";

const DASHBOARD = fileURLToPath(new URL("../../src/dashboard/", import.meta.url));
const AT_MOST_BYTES = 150_000;

let built;
before(async () => {
  built = await folder();
  const vite = join(DASHBOARD, "node_modules/vite/bin/vite.js");
  const given = ["build", "--logLevel", "warn", "--emptyOutDir", "--outDir", built.path];
  await promisify(execFile)(process.execPath, [vite, ...given], { cwd: DASHBOARD });
});
after(() => built?.remove());

/** Each file of a built page with its bytes, gzipped. */
async function weigh(directory) {
  const names = await readdir(directory, { recursive: true });
  const files = names.filter((name) => /\.[a-z0-9]+$/.test(name));
  const weighOne = async (name) => {
    const bytes = await readFile(join(directory, name));
    return { name, bytes: gzipSync(bytes).length };
  };
  return Promise.all(files.map(weighOne));
}

test("the whole page is at most 150 kB, gzipped", async (t) => {
  // Goal: page, scripts and styles together, whether they are loaded at once or later.
  const files = await weigh(built.path);
  for (const kind of [".html", ".js", ".css"])
    assert.ok(files.some(({ name }) => name.endsWith(kind)), `nothing was built: no ${kind}`);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const each = files.map((file) => `${file.name} ${file.bytes}`).join(", ");
  t.diagnostic(`${bytes} bytes of ${AT_MOST_BYTES}: ${each}`);
  assert.ok(bytes <= AT_MOST_BYTES, `${bytes} bytes: ${each}`);
});
