// The person at this screen: who is logged in, what became of the log-in, and the screen that the
// service knows by it (safety X4; alarms 9.1). A log-in that has timed out goes on showing; one
// that has ended does not. Shows nothing itself: `changed` tells the page.

import { createActs, type Acts } from "./acts.ts";
import { pairBoard } from "./board/pair.ts";
import { boardName, isOfTheFloor, logIn, logOut, whoAmI, type Person } from "./person.ts";
import { createScreen, type Look, type Screen } from "./screen.ts";

/** How often the page asks by itself whether its log-in still stands. Ours. */
const ASK_EVERY_MS = 30_000;
/** How often it asks while it does not know. */
const ASK_AGAIN_MS = 2_000;

/** `ended`: there was a log-in on this page, and nobody logged out. */
export type Standing =
  | { readonly kind: "asking" }
  | { readonly kind: "out"; readonly ended: boolean }
  | { readonly kind: "in"; readonly person: Person };

export type StationParts = {
  readonly fetch: typeof fetch;
  readonly newCommandId: () => string;
  readonly nowMs: () => number;
  readonly look: () => Look;
  readonly screenName: () => string;
  readonly changed: (now: Standing, before: Standing) => void;
};

export type Station = {
  readonly standing: () => Standing;
  readonly isBoard: () => boolean;
  /** False: whoever is logged in can only watch. */
  readonly mayAct: () => boolean;
  readonly acts: Acts;
  readonly screen: Screen;
  /** Null: logged in; else why not. */
  readonly logIn: (name: string, password: string) => Promise<string | null>;
  /** Makes this browser a wall board. Null: paired; else why not. */
  readonly pair: (code: string, name: string) => Promise<string | null>;
  /** Null: logged out; else why not, and all is as before. */
  readonly logOut: () => Promise<string | null>;
  /** Something hints that the log-in has ended or timed out. */
  readonly doubt: () => void;
  /** To be called often. */
  readonly check: () => void;
};

export function createStation(parts: StationParts): Station {
  let standing: Standing = { kind: "asking" };
  let askedMs = Number.NEGATIVE_INFINITY;
  let asking = false;
  const csrf = (): string | null => (standing.kind === "in" ? standing.person.csrf : null);
  const { fetch, newCommandId, nowMs, look } = parts;
  const acts = createActs({ fetch, newCommandId, csrf, nowMs });
  const screen = createScreen({ acts, fetch, csrf, nowMs, look, onDoubt: () => void ask() });

  /** A board is known by the name that it was paired by, a station by the one that was typed. */
  function openFor(person: Person): void {
    const board = boardName(person);
    screen.open(board ?? parts.screenName(), board === null ? "station" : "board");
  }

  function become(next: Standing): void {
    const before = standing;
    standing = next;
    const [was, is] = [before, next].map((s) => (s.kind === "in" ? s.person.name : null));
    if (was !== is) screen.forget();
    if (was !== is && next.kind === "in") openFor(next.person);
    parts.changed(next, before);
  }

  /** An answer that was asked for before the standing changed says nothing about the new one. */
  async function ask(): Promise<void> {
    if (asking) return;
    asking = true;
    askedMs = parts.nowMs();
    const asked = standing;
    const answer = await whoAmI(parts.fetch);
    asking = false;
    if (standing !== asked || answer.kind === "no-answer") return;
    if (answer.kind === "in") become(answer);
    else if (standing.kind !== "out") become({ kind: "out", ended: standing.kind === "in" });
  }

  return {
    standing: () => standing,
    isBoard: () => standing.kind === "in" && boardName(standing.person) !== null,
    mayAct: () => standing.kind === "in" && isOfTheFloor(standing.person),
    acts,
    screen,
    logIn: async (name, password) => {
      const answer = await logIn(parts.fetch, name, password);
      if (answer.kind === "refused") return answer.why;
      become(answer);
      return null;
    },
    pair: async (code, name) => {
      const why = await pairBoard(parts.fetch, csrf(), code, name);
      if (why === null) await ask();
      return why;
    },
    logOut: async () => {
      await screen.close();
      const why = await logOut(acts);
      if (why === null) become({ kind: "out", ended: false });
      else if (standing.kind === "in") openFor(standing.person);
      return why;
    },
    doubt: () => void ask(),
    check: () => {
      const everyMs = standing.kind === "asking" ? ASK_AGAIN_MS : ASK_EVERY_MS;
      if (standing.kind !== "out" && parts.nowMs() - askedMs >= everyMs) void ask();
      if (standing.kind === "in") screen.check();
    },
  };
}
