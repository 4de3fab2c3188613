// Wires the page: station and stream -> store -> tiles, strip, frame, sound and screen reader. It
// holds what is known of the ward; what a person opened or typed is held by its own part. Paints at
// most once per frame, and four times a second for ages and vitals.

import { acknowledge } from "./acknowledge.ts";
import { newCommandId } from "./acts.ts";
import { createStrip } from "./alarm-strip.ts";
import { announce, bedLabel, type Told } from "./announce.ts";
import { createBedBar } from "./bed-bar.ts";
import { tileOf } from "./bed-tile.ts";
import { elapsedMs, localNow, serverNow, type Now } from "./clock.ts";
import { part, write } from "./dom.ts";
import { bindEnds } from "./ends.ts";
import { alignFlashes } from "./flash.ts";
import { timeOfDay } from "./format.ts";
import { createFrame, createPutOff } from "./frame.ts";
import { createGoneScreens } from "./gone-screens.ts";
import { createGuide } from "./guide/guide.ts";
import { createHelp } from "./help.ts";
import { bindKeys } from "./keys.ts";
import { createLight } from "./light.ts";
import { createLogIn, screenName, type Door } from "./log-in.ts";
import * as say from "./messages.ts";
import { lastUpdate } from "./messages/alarms.ts";
import { guardMoved } from "./moved.ts";
import { actOn, NOT_DONE, offersOf, pausesOf, type BedActKind } from "./pauses.ts";
import type { Seen, ViewParts } from "./page-view.ts";
import { createPages } from "./pages.ts";
import { boardName } from "./person.ts";
import { createPersonBar, responsibleFor } from "./person-bar.ts";
import { read } from "./reads.ts";
import { append } from "./regions.ts";
import { bedPath } from "./router.ts";
import type { Look } from "./screen.ts";
import { createReceipts } from "./seen.ts";
import { createSoundBars } from "./sound-bars.ts";
import { createSpeaker, type ToHear } from "./speaker.ts";
import { createHandoverBar } from "./session/handover-bar.ts";
import { createStation, type Standing } from "./station.ts";
import { initialState, liveness, reduce, type Message, type State, type Ward } from "./store.ts";
import { openStream, type Stream } from "./stream.ts";
import { createWardView } from "./ward-view.ts";
import { createWatch } from "./watch.ts";
import type { Occurrence } from "./wire.ts";

const TICK_MS = 250;

const putOffNotLive = createPutOff(part(document, "#not-live"));
const frame = createFrame(document);
const speaker = createSpeaker(() => requestPaint());
const station = createStation({
  fetch: (...given) => fetch(...given),
  newCommandId,
  nowMs: () => performance.now(),
  look: lookNow,
  screenName: () => screenName(document),
  changed: changeStanding,
});
const { isBoard, mayAct } = station;
const soundBars = createSoundBars(document, {
  speaker,
  screen: station.screen,
  onChange: () => watch.look(),
  time: () => time.minutes(state.clock === null ? Date.now() : serverNow(state.clock, localNow())),
});
const logIn = createLogIn(document, {
  logIn: (name, password) => enter(() => station.logIn(name, password)),
  pair: (code, name) => enter(() => station.pair(code, name)),
});
const personBar = createPersonBar(document, {
  logOut: station.logOut,
  onLogIn: () => logIn.showPanel(say.TIMED_OUT),
});
const strip = createStrip(part(document, "#alarm-strip"), {
  onAcknowledge: (o, movedMs, reason) => void sendAcknowledgement(o, movedMs, reason),
  onChoose: choose,
  onChange: () => requestPaint(),
});
const bedBar = createBedBar(part(document, "#bed-bar"), (bed, kind, reason) =>
  void sendBedAct(bed, kind, reason),
);
const wardView = createWardView(part(document, "#beds"), {
  onChoose: choose,
  onEnter: (bed) => isBoard() || pages.go(bedPath(bed)),
});
const viewParts: Omit<ViewParts, "go"> = {
  acts: station.acts,
  read: (path, check) => read((...given) => fetch(...given), path, check),
  tell: (text) => append(part(document, "#status-region"), [text]),
};
const pages = createPages(document, viewParts);
const guide = createGuide(document);
createLight(document);
const goneScreens = createGoneScreens(document, viewParts);
guardMoved(part(document, "#alarm-strip"), part(document, "#view"), viewParts.tell);
const receipts = createReceipts(document, () => station.screen.renew());
const handoverBar = createHandoverBar(part(document, "#handovers"), viewParts);
const watch = createWatch(document, {
  isIn: () => station.standing().kind === "in",
  isSoundOn: speaker.isOn,
  onChange: () => {
    requestPaint();
    station.screen.renew();
  },
  tell: viewParts.tell,
});

let state: State = initialState(localNow());
let stream: Stream | null = null;
let told: Told = new Map();
let chosen: string | null = null;
let toldLost = false;
/** Somebody is at this screen since its log-in ended: the tone has done its work. */
let isEndNoticed = false;
let time = timeOfDay("UTC");
let zone = "UTC";
let paintAsked = false;

function deliver(message: Message): void {
  state = reduce(state, message, localNow());
  const wire = message.kind === "wire" ? message.message : null;
  if (wire !== null) {
    if (wire.event !== "bye") putOffNotLive(localNow());
    if (wire.event === "alarm") speaker.hear(wire.data);
    pages.hear(wire);
    handoverBar.hear(wire);
  }
  speak();
  speaker.sound(toHear());
  // A whole ward's vitals come a hundred times a second: the next tick paints them together. But
  // none may stay uncovered that was old when the connection was found lost.
  if (wire?.event !== "vitals" || state.ward === null) requestPaint();
}

function requestPaint(): void {
  if (paintAsked) return;
  paintAsked = true;
  requestAnimationFrame(paint);
}

function paint(): void {
  paintAsked = false;
  keys.look();
  const standing = station.standing();
  paintDoor(standing);
  personBar.update(standing, state.ward);
  soundBars.update(standing);
  if (standing.kind === "out") {
    document.title = say.LOG_IN_TITLE;
    return;
  }
  const now = localNow();
  const alive = liveness(state, now);
  const serverMs = state.clock === null ? null : serverNow(state.clock, now);
  if (state.ward !== null && state.ward.timezone !== zone) {
    zone = state.ward.timezone;
    time = timeOfDay(zone);
  }
  frame.update(state, alive, serverMs, time);
  const heard = state.heard === null ? "" : lastUpdate(elapsedMs(state.heard, now));
  write(part(document, "#last-update"), heard);
  if (alive.kind === "lost" && !toldLost)
    append(part(document, "#alert-region"), [say.CONNECTION_LOST]);
  toldLost = alive.kind === "lost";
  const isLive = alive.kind === "live";
  const ward = state.ward;
  const place = pages.place();
  if (place.view === "bed") chosen = place.bed;
  if (!isLive || ward === null || serverMs === null) {
    strip.forget(alive.kind === "lost" ? say.ALARMS_UNKNOWN : say.CONNECTING);
    bedBar.hide();
    document.title = watch.title(alive.kind === "lost" ? say.LOST_TITLE : say.PRODUCT);
  } else {
    paintAlarms(ward, serverMs);
  }
  const seenNow = whatIsSeen(standing, isLive, serverMs ?? 0, now);
  if (ward !== null) wardView.update(ward, (view) => tileOf(ward, view, seenNow, chosen));
  else wardView.forget();
  if (ward !== null && isLive) receipts.note(ward);
  if (state.clock !== null) alignFlashes(state.clock, now);
  // After the alarms: no defect of a view may keep one from being painted or receipted.
  try {
    handoverBar.update(seenNow);
    pages.update(seenNow);
    guide.update(seenNow, place);
    goneScreens.update(seenNow);
  } finally {
    if (ward !== null && isLive) paintTitle(ward);
  }
}

/** What stands before the ward: the log-in, or where a wall board is to be, its pairing. */
function doorOf(standing: Standing): Door | null {
  if (standing.kind === "asking" || isBoard()) return null;
  const person = standing.kind === "in" ? standing.person.name : null;
  if (pages.place().view === "board") return { kind: "pair", person };
  if (standing.kind === "in") return null;
  return { kind: "log-in", note: standing.ended ? say.LOG_IN_ENDED : say.SHOWS_NO_ALARMS };
}

function paintDoor(standing: Standing): void {
  if (isBoard() && pages.place().view !== "board") pages.go("/board");
  logIn.setDoor(doorOf(standing));
}

function whatIsSeen(standing: Standing, isLive: boolean, serverMs: number, now: Now): Seen {
  const person = standing.kind === "in" ? standing.person : null;
  return { ward: state.ward, isLive, serverMs, time, now, person };
}

function paintAlarms(ward: Ward, serverMs: number): void {
  const occurrences = [...ward.occurrences.values()];
  strip.update({
    occurrences,
    acks: state.acks,
    serverMs,
    clockTime: time.seconds,
    nowMs: performance.now(),
    bedLabel: (o) => bedLabel(state, o),
    opensBeds: !isBoard(),
    pausesOf: ({ bed: id }) => {
      const bed = ward.beds.find((one) => one.bed.id === id)?.bed;
      const pauses = bed === undefined ? [] : pausesOf(bed, serverMs, time);
      return pauses.map((pause) => pause[isBoard() ? "wall" : "text"]);
    },
  });
  const view = ward.beds.find(({ bed }) => bed.id === chosen);
  const act = state.bedActs.get(chosen ?? "") ?? null;
  if (view !== undefined && view.unreadable !== null) bedBar.hide();
  else bedBar.update({ bed: view?.bed ?? null, act, isHere: pages.place().view === "bed" });
}

function paintTitle(ward: Ward): void {
  const title = [say.alarmCount([...ward.occurrences.values()]), pages.title(), ward.site];
  document.title = watch.title(title.filter((text) => text !== null).join(" · "));
}

function lookNow(): Look {
  const isLive = liveness(state, localNow()).kind === "live";
  return {
    visible: document.visibilityState === "visible" && doorOf(station.standing()) === null,
    audio: soundBars.word(),
    beds: isLive ? (state.ward?.beds ?? []).map(({ bed }) => bed.id) : [],
    seen: receipts.upTo(),
  };
}

function toHear(): ToHear {
  const standing = station.standing();
  if (standing.kind === "out")
    return { kind: standing.ended && !isEndNoticed ? "lost" : "unknown" };
  const alive = liveness(state, localNow());
  if (alive.kind === "lost") return { kind: "lost" };
  if (alive.kind !== "live" || state.ward === null) return { kind: "unknown" };
  return { kind: "alarms", occurrences: [...state.ward.occurrences.values()] };
}

function speak(): void {
  const said = announce(told, state);
  told = said.told;
  append(part(document, "#alert-region"), said.assertive);
  append(part(document, "#status-region"), said.polite);
}

/** The press is the gesture that sound needs; the test plays once it is known who hears it. A
 * browser may never say whether sound is on, and that holds up nobody. */
async function enter(how: () => Promise<string | null>): Promise<string | null> {
  const unlocking = speaker.unlock();
  const why = await how();
  if (why === null) void unlocking.then((isOn) => isOn && soundBars.play());
  return why;
}

/** Into the ward, out of it, or from a log-in that has timed out into a new one. */
function changeStanding(now: Standing, before: Standing): void {
  if (now.kind === "out") {
    stream?.close();
    stream = null;
    state = initialState(localNow());
    [told, chosen, isEndNoticed] = [new Map(), null, false];
    receipts.clear();
    strip.clear();
    bedBar.update({ bed: null, act: null, isHere: false });
    wardView.clear();
    pages.clear();
    handoverBar.clear();
    frame.clear();
    for (const region of ["#alert-region", "#status-region"])
      part(document, region).replaceChildren();
  } else if (now.kind === "in" && isOther(now, before)) {
    stream?.close();
    state = initialState(localNow());
    putOffNotLive(localNow());
    stream = openStream({
      open: (url) => new EventSource(url),
      now: localNow,
      deliver,
      onRefused: station.doubt,
    });
    logIn.hide();
    if (before.kind === "asking") soundBars.tryAlone(now.person);
  } else if (now.kind === "in" && !now.person.displayOnly) {
    logIn.hide();
  }
  paintDoor(now);
  requestPaint();
}

/** What was known here was told to somebody else: a log-in became a wall board. */
function isOther(now: Standing & { kind: "in" }, before: Standing): boolean {
  return before.kind !== "in" || boardName(before.person) !== boardName(now.person);
}

/** On a bed's own page that bed stays the chosen one. */
function choose(bed: string | null): void {
  if (bed === chosen || isBoard() || pages.place().view === "bed") return;
  chosen = bed;
  requestPaint();
}

async function sendAcknowledgement(
  occurrence: Occurrence,
  movedMs: number,
  reason: string | null,
): Promise<void> {
  if (state.acks.get(occurrence.occurrence)?.kind === "sending") return;
  deliver({ kind: "ack-sent", occurrence: occurrence.occurrence });
  const answer = await acknowledge(station.acts, occurrence, movedMs, reason);
  deliver(answer);
  if (answer.kind !== "ack-refused") return;
  append(part(document, "#status-region"), [answer.why]);
  station.doubt();
}

async function sendBedAct(bed: string, kind: BedActKind, reason: string): Promise<void> {
  if (state.bedActs.get(bed)?.kind === "sending") return;
  deliver({ kind: "bed-act", bed, now: { kind: "sending" } });
  const answer = await station.acts.send(actOn(bed, kind, reason));
  if (answer.kind === "done") {
    deliver({ kind: "bed-act", bed, now: null });
    if (chosen === bed) bedBar.settle(kind);
    return;
  }
  const why = say.refusal(NOT_DONE[kind], answer);
  deliver({ kind: "bed-act", bed, now: { kind: "refused", why } });
  append(part(document, "#status-region"), [why]);
  station.doubt();
}

/** By key: only pausing; nothing is ever made loud again by a slip. */
function pauseSound(id: string): void {
  const bed = state.ward?.beds.find((view) => view.bed.id === id)?.bed;
  if (bed === undefined) return;
  const [offer] = offersOf(bed);
  if (offer.kind === "pause-audio") void sendBedAct(bed.id, offer.kind, "");
}

part(document, "#missed-seen").addEventListener("click", () => deliver({ kind: "missed-seen" }));
for (const event of ["pointerdown", "keydown"])
  document.addEventListener(event, () => {
    isEndNoticed = true;
  });
bindEnds(window, {
  leave: station.screen.leave,
  isResponsible: () => responsibleFor(station.standing(), state.ward).length > 0,
});
const keys = bindKeys(document, {
  strip,
  ward: wardView,
  help: createHelp(document, { isBoard, mayAct, unpair: station.logOut }),
  place: pages.place,
  go: pages.go,
  isAway: () => doorOf(station.standing()) !== null,
  isBoard,
  mayAct,
  acknowledge: (id) => {
    const occurrence = state.ward?.occurrences.get(id);
    if (occurrence !== undefined && occurrence.signal !== "acknowledged") {
      void sendAcknowledgement(occurrence, Number.POSITIVE_INFINITY, null);
    }
  },
  bedOf: (id) => state.ward?.occurrences.get(id)?.bed ?? null,
  pauseSound,
});
setInterval(() => {
  station.check();
  stream?.check();
  speaker.sound(toHear());
  paint();
}, TICK_MS);
station.check();
