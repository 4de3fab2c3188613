// Stands in front of the service and plays events of its own to the page: a ward whose minutes last
// as long as the page takes to read them. Everything else is the service's: the page, log-in, the
// screen's leases, and the snapshot that all that is played is made of.

import { once } from "node:events";
import { createServer, request } from "node:http";
import { BEDS, UPDATES_PER_S } from "./clinic.mjs";

const HEARTBEAT_EVERY_S = 2;
/** Each alarm lasts so long, and the next one begins when it ends. */
const ALARM_EVERY_S = 10;
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
  async function take(given, answer) {
    let text = "";
    for await (const bytes of given) {
      answer.write(bytes);
      text += bytes;
      snapshot = dataOf(text, "snapshot");
      heartbeat = dataOf(text, "heartbeat");
      if (snapshot !== null && heartbeat !== null) break;
    }
    reader = answer;
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const told = { vitals: 0, alarms: 0 };
  let play = null;
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    /** Plays one minute; returns what the page shows once it has read all of it. */
    playMinute: async () => {
      play ??= createPlay(snapshot, heartbeat, told);
      const begun = performance.now();
      for (let step = 1; step <= 60 * UPDATES_PER_S; step += 1) {
        if (!reader.write(play.step())) await once(reader, "drain");
        const earlyMs = (step * 1000) / UPDATES_PER_S / SPEED - (performance.now() - begun);
        if (earlyMs > 5) await new Promise((resolve) => setTimeout(resolve, earlyMs));
      }
      return play.last();
    },
    told: () => told,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
