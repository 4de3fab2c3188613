// Node 20 runs no TypeScript: compiles the page and its tests to a directory that is thrown away,
// and runs the tests there. Arguments go to `node --test`.

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("..", import.meta.url));
const out = mkdtempSync(join(tmpdir(), "dosevigil-dashboard-"));
const run = (...args) =>
  spawnSync(process.execPath, args, { cwd: here, stdio: "inherit" }).status ?? 1;

let status = 1;
try {
  status = run(join("node_modules", "typescript", "bin", "tsc"), "--outDir", out);
  writeFileSync(join(out, "package.json"), '{"type":"module"}');
  cpSync(join(here, "fixtures"), join(out, "fixtures"), { recursive: true });
  const tests = readdirSync(join(out, "test")).filter((f) => f.endsWith(".test.js"));
  if (status === 0)
    status = run("--test", ...process.argv.slice(2), ...tests.map((f) => join(out, "test", f)));
} finally {
  rmSync(out, { recursive: true, force: true });
}
process.exitCode = status;
