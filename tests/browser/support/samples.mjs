// What a loudspeaker would be given: the page's own speaker, from its sources, renders into an
// OfflineAudioContext, asked every 250 ms of sound time as the page asks it; and what the samples
// say of pulses, pitch and level. Nothing is known here of what was meant to sound.

import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const DASHBOARD = new URL("../../../src/dashboard/", import.meta.url);
const dashboard = createRequire(new URL("package.json", DASHBOARD));
const { build } = await import(pathToFileURL(dashboard.resolve("vite")));

/** A quarter of it, up to which harmonics are looked for, is above the 4000 Hz of alarms 3. */
export const RATE = 24_000;
const ASK_EVERY_S = 0.25;
/** A period of the lowest tone is shorter. */
const PERIOD_MS = 5;
const SILENT = 0.02;
/** So much of a pulse's loud part is enough to find its tones. */
const LOOK_MS = 100;
/** The foot of a pulse, and where it counts as loud, as shares of its peak. */
const [FOOT, LOUD] = [0.1, 0.9];

/** A page with nothing but the speaker. */
export async function openSpeaker(browser) {
  const [{ output }] = await build({
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      minify: false,
      lib: {
        entry: fileURLToPath(new URL("speaker.ts", DASHBOARD)),
        formats: ["iife"],
        name: "speaking",
      },
    },
  });
  const page = await browser.newPage();
  await page.addScriptTag({ content: output[0].code });
  return page;
}

/** The samples of so many seconds. `story`: [from second, what there is to hear]. */
export async function render(page, seconds, story) {
  const base64 = await page.evaluate(playOffline, { seconds, story, RATE, ASK_EVERY_S });
  const bytes = Buffer.from(base64, "base64");
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

/** Runs in the page. */
async function playOffline({ seconds, story, RATE, ASK_EVERY_S }) {
  let card;
  globalThis.AudioContext = class extends OfflineAudioContext {
    constructor() {
      super(1, seconds * RATE, RATE);
      card = this;
    }
    get state() {
      return "running";
    }
    resume() {
      return Promise.resolve();
    }
    goOn() {
      return super.resume();
    }
  };
  const speaker = globalThis.speaking.createSpeaker(() => {});
  await speaker.unlock();
  for (let s = 0; s < seconds; s += ASK_EVERY_S) {
    card.suspend(s).then(() => {
      speaker.sound(story.findLast(([from]) => from <= s)[1]);
      return card.goOn();
    });
  }
  const samples = (await card.startRendering()).getChannelData(0);
  const reader = new FileReader();
  const read = new Promise((resolve) => (reader.onload = resolve));
  reader.readAsDataURL(new Blob([samples]));
  await read;
  return reader.result.slice(reader.result.indexOf(",") + 1);
}

/** The pulses in the samples, in order. Times in ms; `lengthMs` from foot to foot, `loudMs` the
 * part near its peak; `rise` and `fall` as shares of its length; `partials` in dB against the
 * fundamental, [Hz, dB]. */
export function pulsesIn(samples) {
  const levels = envelope(samples);
  const found = [];
  for (let from = 0; from < levels.length; from++) {
    if (levels[from] <= SILENT) continue;
    let to = from;
    while (to < levels.length && levels[to] > SILENT) to++;
    found.push(pulse(samples, levels, from, to));
    from = to;
  }
  return found;
}

/** The peak level at each ms: of the period before and of the period after it the lower one, so
 * that neither edge of a pulse is moved. */
function envelope(samples) {
  const perMs = RATE / 1000;
  const peaks = Float32Array.from({ length: Math.floor(samples.length / perMs) }, (_, ms) =>
    highest(samples.subarray(ms * perMs, (ms + 1) * perMs).map(Math.abs)),
  );
  const top = (from, to) => highest(peaks.subarray(Math.max(from, 0), to));
  return peaks.map((_, ms) =>
    Math.min(top(ms - PERIOD_MS + 1, ms + 1), top(ms, ms + PERIOD_MS)),
  );
}

function pulse(samples, levels, from, to) {
  const part = levels.subarray(from, to);
  const peak = highest(part);
  const first = (share) => from + part.findIndex((level) => level >= share * peak);
  const last = (share) => from + part.findLastIndex((level) => level >= share * peak) + 1;
  const [begin, loud, quiet, end] = [first(FOOT), first(LOUD), last(LOUD), last(FOOT)];
  const perMs = RATE / 1000;
  const middle = windowed(samples.subarray(loud * perMs, Math.min(quiet, loud + LOOK_MS) * perMs));
  const lengthMs = end - begin;
  const slope = (ms) => ms / (LOUD - FOOT) / lengthMs;
  const hz = pitch(middle);
  const fundamental = amplitude(middle, hz);
  const partials = [];
  for (let n = 2; n * hz < RATE / 4; n++) {
    partials.push([n * hz, decibel(amplitude(middle, n * hz) / fundamental)]);
  }
  return {
    atMs: begin,
    endMs: end,
    lengthMs,
    loudMs: quiet - loud,
    rise: slope(loud - begin),
    fall: slope(end - quiet),
    peak,
    hz,
    partials,
    // The window takes five eighths of the power away.
    rms: Math.sqrt(middle.reduce((sum, x) => sum + x * x, 0) / middle.length / 0.375),
  };
}

const highest = (levels) => levels.reduce((a, b) => Math.max(a, b), 0);
const decibel = (ratio) => 20 * Math.log10(Math.max(ratio, 1e-9));

/** The strongest tone up to 1100 Hz: the fundamental, where no harmonic is above it. Lines are
 * wider than the coarse step, so none is stepped over. */
function pitch(samples) {
  const strongest = (from, to, step) => {
    let [best, most] = [from, 0];
    for (let hz = from; hz <= to; hz += step) {
      const level = amplitude(samples, hz);
      if (level > most) [best, most] = [hz, level];
    }
    return best;
  };
  const near = strongest(100, 1_100, 5);
  return strongest(near - 5, near + 5, 1);
}

/** Under a Hann window. */
function windowed(samples) {
  const turn = (2 * Math.PI) / samples.length;
  return samples.map((x, i) => x * 0.5 * (1 - Math.cos(turn * i)));
}

/** One line of the Fourier transform, by Goertzel's recurrence. */
function amplitude(samples, hz) {
  const twice = 2 * Math.cos((2 * Math.PI * hz) / RATE);
  let [last, before] = [0, 0];
  for (const x of samples) [last, before] = [x + twice * last - before, last];
  const power = last * last + before * before - twice * last * before;
  return Math.sqrt(Math.max(power, 0)) / samples.length;
}
