// Stands in front of the service and plays events of its own to the page: a ward whose minutes last
// as long as the page takes to read them. Everything else is the service's: the page, log-in, the
// screen's leases, and the snapshot that all that is played is made of.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { until } from "../../browser/support/process.mjs";
import { BEDS, UPDATES_PER_S } from "./clinic.mjs";

const HEARTBEAT_EVERY_S = 2;
/** Each alarm lasts so long; the next one, of the next bed, begins when it ends. */
const ALARM_EVERY_S = 10;
const ALARM = new URL("../../../src/dashboard/fixtures/alarm.json", import.meta.url);
/** So much faster than life at the most. */
const SPEED = 60;

export async function openPlayer(address) {
  let [reader, snapshot, heartbeat] = [null, null, null];
  const server = createServer((asked, answer) => {
    const { method, url, headers } = asked;
    const forwarded = request(`${address}${url}`, { method, headers }, (given) => {
      answer.writeHead(given.statusCode, given.headers);
      if (url.startsWith("/api/v1/events") && given.statusCode === 200) take(given, answer);
      else given.pipe(answer);
    });
    forwarded.on("error", () => answer.destroy());
    answer.on("close", () => forwarded.destroy());
    asked.pipe(forwarded);
  });

  /** The service's first events go through, up to a heartbeat; then the playing begins. */
  function take(given, answer) {
    let text = "";
    given.on("error", () => answer.destroy());
    given.on("data", (bytes) => {
      answer.write(bytes);
      text += bytes;
      snapshot = dataOf(text, "snapshot");
      heartbeat = dataOf(text, "heartbeat");
      if (snapshot === null || heartbeat === null) return;
      reader = answer;
      given.removeAllListeners("error").on("error", () => {});
      given.destroy();
    });
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const told = { vitals: 0, alarms: 0 };
  const alarm = JSON.parse(await readFile(ALARM, "utf8"));
  let play = null;
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    /** Plays one minute; returns what the page shows once it has read all of it. */
    playMinute: async () => {
      await until("the page's events are taken over", () => reader !== null);
      play ??= createPlay({ snapshot, heartbeat, alarm, told });
      const begun = performance.now();
      for (let step = 1; step <= 60 * UPDATES_PER_S; step += 1) {
        const isLast = step === 60 * UPDATES_PER_S;
        if (!reader.write(isLast ? play.lastStep() : play.step())) await once(reader, "drain");
        const earlyMs = (step * 1000) / UPDATES_PER_S / SPEED - (performance.now() - begun);
        if (earlyMs > 5) await new Promise((resolve) => setTimeout(resolve, earlyMs));
      }
      return play.toSee();
    },
    told: () => told,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function dataOf(text, event) {
  const found = new RegExp(`^event: ${event}\\ndata: (.*)\\n\\n`, "m").exec(text);
  return found === null ? null : JSON.parse(found[1]);
}

const frame = (event, data, id = null) =>
  `${id === null ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** Each step is what a quarter of a second brings, as the text of its events. */
function createPlay({ snapshot, heartbeat, alarm, told }) {
  let [steps, seq, minutes, present] = [0, snapshot.seq, 0, null];
  const timeAt = (stepsPassed) =>
    new Date(Date.parse(snapshot.server_time) + (stepsPassed * 1000) / UPDATES_PER_S).toISOString();

  /** Rates and saturations go up and down; all else of a bed stays as the service had it. */
  function vitalsOf(bed, rate) {
    told.vitals += 1;
    const valueOf = (vital) =>
      ({ heart_rate: rate, spo2: 94 + (steps % 5) })[vital.metric] ?? vital.value;
    const vitals = bed.vitals.map((vital) => ({ ...vital, value: valueOf(vital) }));
    return frame("vitals", { ...bed, vitals });
  }

  function tell(occurrence) {
    told.alarms += 1;
    seq += 1;
    return frame("alarm", { ...occurrence, seq }, seq);
  }

  function alarms() {
    const over = { condition: "ended", signal: "none", change: "ended", ended: timeAt(steps) };
    const ended = present === null ? "" : tell({ ...present, ...over });
    const bed = snapshot.beds[Math.floor(steps / UPDATES_PER_S / ALARM_EVERY_S) % BEDS];
    const occurrence = `played-${steps}`;
    present = { ...alarm, occurrence, bed: bed.id, session: null, onset: timeAt(steps) };
    return ended + tell(present);
  }

  function step(rate = 60 + (steps % 30)) {
    steps += 1;
    const isDue = (everyS) => steps % (everyS * UPDATES_PER_S) === 0;
    const beat = { ...heartbeat, server_time: timeAt(steps), self_check: steps };
    return [
      ...snapshot.beds.map((bed) => vitalsOf(bed, rate)),
      isDue(ALARM_EVERY_S) ? alarms() : "",
      isDue(HEARTBEAT_EVERY_S) ? frame("heartbeat", beat) : "",
    ].join("");
  }

  return {
    step: () => step(),
    /** Of a minute: every bed gets a rate that it has had at no time before. */
    lastStep: () => step(100 + ++minutes),
    toSee: () => ({
      bed: snapshot.beds.at(-1).id,
      metric: "heart_rate",
      value: String(100 + minutes),
    }),
  };
}
