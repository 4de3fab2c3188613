// Wires the page: stream -> store -> tiles, strip, frame, sound and screen reader. The only file
// that holds what changes. Paints at most once per frame, and four times a second for the ages.

import { createAcknowledger, newCommandId } from "./acknowledge.ts";
import { createStrip } from "./alarm-strip.ts";
import { announce, bedLabel, type Told } from "./announce.ts";
import { createAudio } from "./audio.ts";
import { createTile, type Tile, type Trust } from "./bed-tile.ts";
import { localNow, serverNow } from "./clock.ts";
import { part, write } from "./dom.ts";
import { alignFlashes } from "./flash.ts";
import { timeOfDay } from "./format.ts";
import { columnsFor, createFrame, putOffNotLive } from "./frame.ts";
import { bindKeys } from "./keys.ts";
import * as say from "./messages.ts";
import { burstOf, CONNECTION_LOST_TONE, lengthOf, nextBurst, SILENCE } from "./sound.ts";
import { initialState, liveness, reduce, type Message, type State, type Ward } from "./store.ts";
import { openStream } from "./stream.ts";
import type { Occurrence } from "./wire.ts";

const TICK_MS = 250;
const NAME_KEY = "dosevigil.name";
const SPOKEN_KEPT = 5;

const beds = part(document, "#beds");
const notLive = part(document, "#not-live");
const soundBar = part(document, "#sound-bar");
const nameFields = ["#name", "#watcher-name"].map((id) => part(document, id) as HTMLInputElement);
const frame = createFrame(document);
const audio = createAudio(() => requestPaint());
const acknowledger = createAcknowledger({ fetch: (...given) => fetch(...given), newCommandId });
const strip = createStrip(
  part(document, "#alarm-strip"),
  (o, movedMs) => void acknowledge(o, movedMs),
);

let state: State = initialState(localNow());
let tiles = new Map<string, Tile>();
let told: Told = new Map();
let sound = SILENCE;
let lostToneDueMs = 0;
let toldLost = false;
let time = timeOfDay("UTC");
let zone = "UTC";
let paintAsked = false;

function deliver(message: Message): void {
  state = reduce(state, message, localNow());
  if (message.kind === "wire" && message.message.event !== "bye") putOffNotLive(notLive);
  speak();
  makeSound();
  requestPaint();
}

function requestPaint(): void {
  if (paintAsked) return;
  paintAsked = true;
  requestAnimationFrame(paint);
}

function paint(): void {
  paintAsked = false;
  const now = localNow();
  const alive = liveness(state, now);
  const serverMs = state.clock === null ? null : serverNow(state.clock, now);
  if (state.ward !== null && state.ward.timezone !== zone) {
    zone = state.ward.timezone;
    time = timeOfDay(zone);
  }
  frame.update(state, alive, serverMs, time);
  if (alive.kind === "lost" && !toldLost)
    append(part(document, "#alert-region"), [say.CONNECTION_LOST]);
  toldLost = alive.kind === "lost";
  paintSoundBar();
  if (alive.kind !== "live" || state.ward === null || serverMs === null) {
    strip.forget(alive.kind === "lost" ? say.ALARMS_UNKNOWN : "Connecting…");
    document.title = alive.kind === "lost" ? "CONNECTION LOST" : "dosevigil";
  } else {
    const occurrences = [...state.ward.occurrences.values()];
    strip.update({
      occurrences,
      acks: state.acks,
      serverMs,
      clockTime: time.seconds,
      nowMs: performance.now(),
      bedLabel: (o) => bedLabel(state, o),
    });
    document.title = `${say.alarmCount(occurrences)} · ${state.ward.site}`;
  }
  if (state.ward !== null) paintTiles(state.ward, alive.kind === "live", serverMs ?? 0);
  else for (const number of beds.querySelectorAll("[data-metric]")) write(number, say.REMOVED);
  if (state.clock !== null) alignFlashes(state.clock, now);
}

function paintTiles(ward: Ward, isLive: boolean, serverMs: number): void {
  arrangeTiles(ward);
  const now = localNow();
  for (const view of ward.beds) {
    const trust: Trust = !isLive
      ? { kind: "withheld", why: say.ALARMS_UNKNOWN }
      : view.unreadable !== null
        ? { kind: "withheld", why: "unreadable message" }
        : { kind: "trusted" };
    tiles.get(view.bed.id)?.update({
      view,
      trust,
      serverMs,
      now,
      speed: ward.simulation?.speed ?? 1,
      occurrences: [...ward.occurrences.values()].filter((o) => o.bed === view.bed.id),
    });
  }
}

/** Tiles are made once and keep their places; only another set of beds makes them anew. */
function arrangeTiles(ward: Ward): void {
  const ids = ward.beds.map((view) => view.bed.id);
  if (ids.length === tiles.size && ids.every((id) => tiles.has(id))) return;
  tiles = new Map(ward.beds.map((view) => [view.bed.id, createTile(view.bed)]));
  beds.replaceChildren(...[...tiles.values()].map((tile) => tile.element));
  fitGrid();
}

function fitGrid(): void {
  const columns = columnsFor(tiles.size, beds.clientWidth, beds.clientHeight);
  beds.style.setProperty("--columns", String(columns));
  beds.style.setProperty("--rows", String(Math.ceil(tiles.size / columns)));
}

function paintSoundBar(): void {
  soundBar.hidden = audio.isOn();
}

function makeSound(): void {
  if (!audio.isOn()) return;
  const nowMs = audio.nowMs();
  const alive = liveness(state, localNow());
  if (alive.kind === "lost") {
    if (nowMs < Math.max(sound.busyUntilMs, lostToneDueMs)) return;
    audio.play(CONNECTION_LOST_TONE);
    lostToneDueMs = nowMs + (CONNECTION_LOST_TONE.repeatMs ?? 0);
    sound = { ...sound, busyUntilMs: nowMs + lengthOf(CONNECTION_LOST_TONE) };
    return;
  }
  if (alive.kind !== "live" || state.ward === null) return;
  const choice = nextBurst(sound, [...state.ward.occurrences.values()], nowMs);
  sound = choice.memory;
  if (choice.burst !== null) audio.play(choice.burst);
}

function speak(): void {
  const said = announce(told, state);
  told = said.told;
  append(part(document, "#alert-region"), said.assertive);
  append(part(document, "#status-region"), said.polite);
}

function append(region: HTMLElement, texts: readonly string[]): void {
  for (const text of texts) {
    const line = document.createElement("p");
    write(line, text);
    region.append(line);
  }
  while (region.children.length > SPOKEN_KEPT) region.firstElementChild?.remove();
}

async function acknowledge(occurrence: Occurrence, movedMs: number): Promise<void> {
  if (state.acks.get(occurrence.occurrence)?.kind === "sending") return;
  deliver({ kind: "ack-sent", occurrence: occurrence.occurrence });
  const answer = await acknowledger.acknowledge(occurrence, nameFields[0]?.value ?? "", movedMs);
  deliver(answer);
  if (answer.kind === "ack-refused") append(part(document, "#status-region"), [answer.why]);
}

function shareName(name: string): void {
  sessionStorage.setItem(NAME_KEY, name);
  for (const field of nameFields) if (field.value !== name) field.value = name;
}

/** A watching station's screen must not go dark; a browser may refuse, and the page works on. */
async function keepAwake(): Promise<void> {
  if (!("wakeLock" in navigator) || document.hidden || !audio.isOn()) return;
  try {
    await navigator.wakeLock.request("screen");
  } catch (error) {
    console.warn("the screen may go dark by itself", error);
  }
}

async function startWatching(): Promise<void> {
  if (!(await audio.unlock())) return;
  audio.play(burstOf("low", "physiological"));
  sound = { ...sound, busyUntilMs: audio.nowMs() + 1_000 };
  await keepAwake();
}

soundBar.addEventListener("submit", (event) => {
  event.preventDefault();
  void startWatching();
});
for (const field of nameFields) field.addEventListener("input", () => shareName(field.value));
part(document, "#missed-seen").addEventListener("click", () => deliver({ kind: "missed-seen" }));
document.addEventListener("visibilitychange", () => void keepAwake());
window.addEventListener("resize", fitGrid);
bindKeys({
  strip,
  help: part(document, "#help") as HTMLDialogElement,
  nameField: () => (soundBar.hidden ? nameFields[1] : nameFields[0]),
  acknowledge: (id) => {
    const occurrence = state.ward?.occurrences.get(id);
    if (occurrence !== undefined && occurrence.signal !== "acknowledged") {
      void acknowledge(occurrence, Number.POSITIVE_INFINITY);
    }
  },
});
shareName(sessionStorage.getItem(NAME_KEY) ?? "");

const stream = openStream({
  open: (url) => new EventSource(url),
  now: localNow,
  deliver,
});
setInterval(() => {
  stream.check();
  makeSound();
  paint();
}, TICK_MS);
