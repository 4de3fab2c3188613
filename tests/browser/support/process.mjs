// Starts the programs a browser test needs: the service itself (the binary named by DOSEVIGIL_BIN),
// its demo, and mosquitto, each on a free loopback port and with a folder of its own.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const BINARY = process.env.DOSEVIGIL_BIN ?? join(ROOT, "target/debug/dosevigil");
/** Debian keeps it where only root's PATH looks. */
const MOSQUITTO = existsSync("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto";
/** Longer than anything takes on a loaded machine; whoever waits for it waits no longer. */
export const WITHIN_MS = 60_000;
/** A demo plays its patients' past through before. */
const START_WITHIN_MS = 3 * WITHIN_MS;
const LOOK_EVERY_MS = 25;

export const SITE = "test-clinic";

/** Waits until `holds` gives something true, and returns it; `what` is named if it never does. */
export async function until(what, holds, withinMs = WITHIN_MS) {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await holds();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Below those that the system gives to connections: none of these takes it before it is used, or
 * while a service is away. */
export async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    const isFree = await new Promise((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    await new Promise((resolve) => server.close(resolve));
    if (isFree) return port;
  }
}

export async function folder() {
  const path = await mkdtemp(join(tmpdir(), "dosevigil-browser-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** A child process; `kill` sends SIGKILL and waits for its end. */
function start(program, args, env = process.env) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
  const ended = new Promise((resolve) => child.once("close", resolve));
  let failure = null;
  child.once("error", (error) => (failure = error));
  return {
    said: () => said,
    check: () => {
      if (failure !== null) throw new Error(`${program}: ${failure.message}`);
      if (child.exitCode !== null) throw new Error(`${program} ended:\n${said}`);
    },
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function answers(address) {
  try {
    return (await fetch(`${address}/readyz`)).ok;
  } catch {
    return false;
  }
}

async function whenReady(child, address) {
  try {
    const isReady = () => {
      child.check();
      return answers(address);
    };
    await until(`${address} is ready`, isReady, START_WITHIN_MS);
  } catch (error) {
    await child.kill();
    throw new Error(`${error.message}\n${child.said()}`);
  }
  return { address, kill: child.kill, said: child.said };
}

/** Of every user of these tests. */
export const PASSWORD = "watching a test";

/** Adds a user to a site whose service runs or not. */
export async function addUser(site, name, role) {
  const args = ["user", "add", name, "--role", role, "--password-stdin", "--config", site.config];
  const child = spawn(BINARY, args, { stdio: ["pipe", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (text) => (said += text));
  child.stdin.end(`${PASSWORD}\n`);
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0 && !said.includes("this name is taken")) throw new Error(said);
}

/** `dosevigil demo`, ready. */
export async function startDemo(...args) {
  const port = await freePort();
  const env = { ...process.env, DOSEVIGIL_DEMO_PASSWORD: PASSWORD };
  const child = start(BINARY, ["demo", "--listen", `127.0.0.1:${port}`, ...args], env);
  return whenReady(child, `http://127.0.0.1:${port}`);
}

/** `dosevigil run` with the beds given as {id, label}; every device comes over the broker. Started
 * again with the same `site`, it is the same service at the same address. A user of each of the
 * `roles`, by that name. `args`: more than the configuration. */
export async function startService(site, roles = ["viewer", "nurse"], args = []) {
  for (const role of roles) await addUser(site, role, role);
  const child = start(BINARY, ["run", "--config", site.config, ...args]);
  return whenReady(child, `http://127.0.0.1:${site.port}`);
}

export async function layOut(directory, brokerPort, beds) {
  const port = await freePort();
  const config = join(directory, "monitor.toml");
  await mkdir(join(directory, "presets"), { recursive: true });
  await copyFile(
    join(ROOT, "config/presets/ketamine-iv.toml"),
    join(directory, "presets/ketamine-iv.toml"),
  );
  const bedTables = beds.map(
    ({ id, label }) =>
      `[[bed]]\nid = "${id}"\nlabel = ${JSON.stringify(label)}\nwatch = "always"\n`,
  );
  await writeFile(
    config,
    `[site]
name = "${SITE}"
timezone = "Europe/Vienna"
[storage]
path = "dosevigil.db"
[audit]
key_file = "audit.key"
[http]
listen = "127.0.0.1:${port}"
[alarms]
preset = "ketamine-iv"
presets_dir = "presets"
${bedTables.join("")}
[[mqtt]]
name = "clinic"
url = "mqtt://127.0.0.1:${brokerPort}"
client_id = "dosevigil-${SITE}"
[[mqtt.topic]]
topic = "vitals/v1/${SITE}/{bed}/{device}/obs"
format = "vitals-json"
`,
  );
  return { config, port };
}

export async function startMosquitto(directory) {
  const port = await freePort();
  const config = join(directory, "mosquitto.conf");
  await writeFile(
    config,
    `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_type error\n`,
  );
  const child = start(MOSQUITTO, ["-c", config]);
  await until("mosquitto takes connections", () => {
    child.check();
    return new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () =>
        resolve(false),
      );
      socket.on("connect", () => socket.destroy());
    });
  });
  return { port, kill: child.kill };
}
