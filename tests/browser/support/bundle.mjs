// The page as a release embeds it: built anew from src/dashboard, and what it weighs on the way.

import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";

const DASHBOARD = fileURLToPath(new URL("../../../src/dashboard/", import.meta.url));

export async function buildPage(directory) {
  const vite = join(DASHBOARD, "node_modules/vite/bin/vite.js");
  const given = ["build", "--logLevel", "warn", "--emptyOutDir", "--outDir", directory];
  await promisify(execFile)(process.execPath, [vite, ...given], { cwd: DASHBOARD });
}

/** Each file of a built page with its bytes, gzipped. */
export async function weigh(directory) {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ name, parentPath, path }) => {
      const bytes = await readFile(join(parentPath ?? path, name));
      return { name, bytes: gzipSync(bytes).length };
    }),
  );
}
