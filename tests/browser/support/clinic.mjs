// The clinic that the tests of one file share: a broker, the service on it, bedside monitors that
// publish, and Chromium.

import { launch } from "./browser.mjs";
import { openMonitors } from "./monitors.mjs";
import { folder, layOut, startMosquitto, startService } from "./process.mjs";

/** Beds `bay-1` and so on, called Bay 1 and so on. */
export const bays = (count) =>
  Array.from({ length: count }, (_, n) => ({ id: `bay-${n + 1}`, label: `Bay ${n + 1}` }));

/** `roles`: one user of each, called like it; a viewer and a nurse where none is named. `prepare`:
 * gets the site before the service starts on it. `args`: of `dosevigil run`, too. */
export async function openClinic(beds, { roles, prepare, args } = {}) {
  const directory = await folder();
  const broker = await startMosquitto(directory.path);
  const site = await layOut(directory.path, broker.port, beds);
  await prepare?.(site);
  const service = await startService(site, roles, args);
  const monitors = await openMonitors(broker.port);
  return { directory, broker, site, service, monitors, browser: await launch() };
}

/** Undefined: it never opened. */
export async function closeClinic(clinic) {
  await clinic?.browser.close();
  clinic?.monitors.close();
  await clinic?.service.kill();
  await clinic?.broker.kill();
  await clinic?.directory.remove();
}
