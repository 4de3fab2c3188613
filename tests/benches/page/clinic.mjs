// A ward at work: mosquitto, the service, 24 beds whose monitors send four times a second, and a
// screen on which a nurse watches them.

import { openWard, WALL } from "../../browser/support/browser.mjs";
import { heartRate, openMonitors, spo2 } from "../../browser/support/monitors.mjs";
import {
  folder,
  layOut,
  startMosquitto,
  startService,
  until,
} from "../../browser/support/process.mjs";
import { noteEvents } from "./events.mjs";

export const BEDS = 24;
export const UPDATES_PER_S = 4;

export async function openClinic() {
  const directory = await folder();
  const bedOf = (n) => ({ id: `bay-${n}`, label: `Bay ${n}` });
  const beds = Array.from({ length: BEDS }, (_, i) => bedOf(i + 1));
  const broker = await startMosquitto(directory.path);
  const site = await layOut(directory.path, broker.port, beds);
  const service = await startService(site);
  const monitors = await openMonitors(broker.port);
  const feed = startFeed(monitors, beds);
  return {
    address: service.address,
    monitors,
    beds,
    close: async () => {
      feed.stop();
      monitors.close();
      await service.kill();
      await broker.kill();
      await directory.remove();
    },
  };
}

/** A nurse's screen at this address, all beds live on it. */
export async function openScreen(browser, address) {
  const noting = {
    newContext: async (options) => {
      const context = await browser.newContext(options);
      await context.addInitScript(noteEvents);
      return context;
    },
  };
  const { page, faults } = await openWard(noting, address, WALL);
  await until("all beds are live", () =>
    page.evaluate(
      (count) => document.querySelectorAll('.signal[data-state="live"]').length >= 2 * count,
      BEDS,
    ),
  );
  return {
    page,
    close: async () => {
      await page.context().close();
      if (faults.length > 0) throw new Error(faults.join("\n"));
    },
  };
}

/** Each bed's rate and saturation change a little with every document, so that all are painted; the
 * beds send one after another, not all at once. */
function startFeed(monitors, beds) {
  let [sent, isStopped] = [0, false];
  const stepMs = 1000 / (UPDATES_PER_S * beds.length);
  const begun = performance.now();
  const timer = setInterval(() => {
    // A timer that comes late makes up for what it has missed.
    for (; sent * stepMs < performance.now() - begun; sent += 1) {
      const round = Math.floor(sent / beds.length);
      const bed = beds[sent % beds.length].id;
      const obs = [spo2(96 + (round % 3)), heartRate(68 + ((round * 7) % 9))];
      monitors.send(bed, `monitor-${bed}`, obs).catch((error) => {
        if (!isStopped) console.warn(`${bed}: ${error.message}`);
      });
    }
  }, stepMs);
  return {
    stop: () => {
      isStopped = true;
      clearInterval(timer);
    },
  };
}
