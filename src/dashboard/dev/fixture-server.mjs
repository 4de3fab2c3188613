// Serves the built page with the service's own headers, and a scripted ward from fixtures/, so that
// the page can be looked at without the service:
//   npm run build && node dev/fixture-server.mjs [port] [beds]
// GET /quiet stops heartbeats and events (CONNECTION LOST); GET /loud lets them go on. Any name
// logs in with any password but "wrong"; the name "viewer" has that role.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("..", import.meta.url));
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css" };
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
  "img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; " +
  "require-trusted-types-for 'script'";
const fixture = async (name) =>
  JSON.parse(await readFile(join(here, "fixtures", `${name}.json`), "utf8"));

/** Moves every time of a fixture so that its server_time is now. */
function atNow(value, shiftMs) {
  return JSON.parse(JSON.stringify(value), (_, v) =>
    typeof v === "string" && /^\d{4}-\d\d-\d\dT.*Z$/.test(v)
      ? new Date(Date.parse(v) + shiftMs).toISOString()
      : v,
  );
}

/** As many beds as asked for: the fixture's, then calm copies of its second. */
function widen(snapshot, beds) {
  const calm = (n) => {
    const bed = structuredClone(snapshot.beds[1]);
    Object.assign(bed, { id: `bay-${n}`, label: `Bay ${n}`, advisories: [], occurrences: [] });
    bed.vitals.forEach((v, i) => {
      v.value = [128 + n, 74 + (n % 9), 92, 70 + n, 97, 12 + (n % 5)][i];
    });
    bed.links.forEach((l) => {
      l.device = l.device.replace("bay-2", `bay-${n}`);
    });
    return bed;
  };
  const all = snapshot.beds.slice(0, beds);
  while (all.length < beds) all.push(calm(all.length + 1));
  return { ...snapshot, beds: all };
}

export async function serve(port, beds, dist = join(here, "dist")) {
  const [snapshot, heartbeat] = await Promise.all([fixture("snapshot"), fixture("heartbeat")]);
  const start = Date.now() - Date.parse(snapshot.server_time);
  const ward = atNow(widen(snapshot, beds), start);
  let [seq, selfCheck, quiet] = [ward.seq, 0, false];
  const readers = new Set();
  let person = null;
  const frame = (event, data, id) =>
    `${id ? `id: ${id}\n` : ""}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
  const tell = (...given) => {
    if (!quiet) for (const reader of readers) reader.write(frame(...given));
  };

  const timer = setInterval(() => {
    selfCheck += 2;
    const alive = { ...heartbeat, server_time: new Date().toISOString(), self_check: selfCheck };
    tell("heartbeat", alive);
    for (const bed of ward.beds.filter((b) => b.state === "live")) {
      bed.vitals.slice(0, 3).forEach((v) => {
        v.age_s += 2;
      });
      bed.vitals[3].value += Math.round(Math.random() * 4 - 2);
      tell("vitals", bed);
    }
  }, 2_000);

  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://localhost");
    response.setHeader("content-security-policy", CSP);
    response.setHeader("x-content-type-options", "nosniff");
    if (url.pathname === "/api/v1/events") {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      if (quiet) return;
      response.write(
        "retry: 1000\n\n" +
          frame("snapshot", { ...ward, seq, server_time: new Date().toISOString() }),
      );
      readers.add(response);
      request.on("close", () => readers.delete(response));
      return;
    }
    if (url.pathname.startsWith("/api/v1/") && (await people(url.pathname, request, response)))
      return;
    const acknowledged = /^\/api\/v1\/alarms\/([^/]+)\/acknowledge$/.exec(url.pathname);
    if (acknowledged && request.method === "POST")
      return acknowledge(acknowledged[1], request, response);
    if (url.pathname === "/quiet" || url.pathname === "/loud") {
      quiet = url.pathname === "/quiet";
      return response.end(String(quiet));
    }
    const path = normalize(url.pathname === "/" ? "/index.html" : url.pathname);
    try {
      const body = await readFile(join(dist, path));
      response.writeHead(200, {
        "content-type": TYPES[extname(path)] ?? "application/octet-stream",
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });

  async function bodyOf(request) {
    let text = "";
    for await (const chunk of request) text += chunk;
    return text === "" ? {} : JSON.parse(text);
  }

  const refuse = (response, status, type, detail) => {
    response.writeHead(status, { "content-type": "application/problem+json" });
    response.end(JSON.stringify({ type: `/problems/${type}`, title: type, status, detail }));
    return true;
  };
  const answer = (response, value, status = 200) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(status === 204 ? "" : JSON.stringify(value));
    return true;
  };

  /** Who is logged in, screens, and the acts on a bed; false: none of them. */
  async function people(path, request, response) {
    if (path === "/api/v1/login") {
      const { name, password } = await bodyOf(request);
      if (password === "wrong") return refuse(response, 401, "wrong-log-in", "x");
      person = { name, role: name === "viewer" ? "viewer" : "nurse", csrf: "c0ffee" };
      return answer(response, person);
    }
    if (person === null) return refuse(response, 401, "log-in-needed", "log in first");
    if (path === "/api/v1/me") return answer(response, { ...person, display_only: false });
    if (path === "/api/v1/logout") {
      person = null;
      return answer(response, null, 204);
    }
    if (path === "/api/v1/screens") return answer(response, await fixture("screen"));
    if (path.startsWith("/api/v1/screens/")) return answer(response, null, 204);
    const act = /^\/api\/v1\/beds\/([^/]+)\/(audio-pause|alarm-pause|standby)$/.exec(path);
    return act !== null && onBed(act[1], act[2], request, response);
  }

  async function onBed(id, what, request, response) {
    const { reason } = await bodyOf(request);
    const bed = ward.beds.find((b) => b.id === id);
    const begins = request.method === "POST";
    if (begins && what !== "audio-pause" && !reason)
      return refuse(response, 422, "reason-needed", "say why in `reason`");
    const until = new Date(Date.now() + 120_000).toISOString();
    const by = person.name;
    const since = new Date().toISOString();
    const change = {
      "audio-pause": { audio_paused_until: until, audio_paused_by: by },
      "alarm-pause": { alarm_paused_until: until },
      standby: { standby: { since, until, by, reason } },
    }[what];
    for (const [key, value] of Object.entries(change)) bed[key] = begins ? value : null;
    answer(response, {});
    tell("vitals", bed);
    return true;
  }

  async function acknowledge(id, request, response) {
    const { revision } = await bodyOf(request);
    const { name } = person;
    const alarm = ward.occurrences.find((o) => o.occurrence === id);
    if (alarm === undefined || alarm.revision !== revision) {
      response.writeHead(409, { "content-type": "application/problem+json" });
      return response.end(JSON.stringify(await fixture("problem")));
    }
    seq += 1;
    const at = new Date().toISOString();
    const signal = alarm.condition === "ended" ? "none" : "acknowledged";
    Object.assign(alarm, { seq, signal, acknowledged: { by: name, at, reason: null } });
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ occurrence: alarm, first: { by: name, at } }));
    return tell("alarm", alarm, seq);
  }

  await new Promise((done) => server.listen(port, "127.0.0.1", done));
  return {
    port: server.address().port,
    close: () => {
      clearInterval(timer);
      server.closeAllConnections();
      server.close();
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { port } = await serve(Number(process.argv[2] ?? 8090), Number(process.argv[3] ?? 4));
  console.log(`http://127.0.0.1:${port}/`);
}
