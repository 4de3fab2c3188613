// Tells the service that somebody can see and hear this screen: opens it, renews its lease every
// 2 s, and closes it when the page goes (alarms 9.1, 9.6; contract 6). A hidden page says that it
// is hidden. Decides nothing about what the service makes of it.

import { ask, type Act, type ActAnswer, type Acts } from "./acts.ts";
import { checkScreen } from "./wire.ts";

/** Real time (alarms 9.1); no answer is waited for any longer, so that none holds up the next. */
export const LEASE_EVERY_MS = 2_000;
/** Answers after which who is logged in must be asked: nobody, or another page's log-in. */
const NOT_OURS: readonly number[] = [401, 403];
/** Answers after which this screen is none of ours: opened by another person, or forgotten. */
const NO_SUCH_SCREEN: readonly number[] = [403, 404];

export type ScreenKind = "station" | "board";

/** `muted`: a person said that they do not hear it. */
export type AudioWord = "unlocked" | "locked" | "muted";

/** `seen`: the highest transition that was painted where it could be seen; `beds`: those shown. */
export type Look = {
  readonly visible: boolean;
  readonly audio: AudioWord;
  readonly beds: readonly string[];
  readonly seen: number;
};

export type ScreenParts = {
  readonly acts: Acts;
  readonly fetch: typeof fetch;
  readonly csrf: () => string | null;
  readonly nowMs: () => number;
  readonly look: () => Look;
  /** The service may no longer know who this is, or know somebody else. */
  readonly onDoubt: () => void;
};

export type Screen = {
  /** From now on this screen is open, by this name. */
  readonly open: (name: string, kind: ScreenKind) => void;
  /** To be called often: opens, or renews when it is time. */
  readonly check: () => void;
  /** Renews at once: what is seen or heard has changed. */
  readonly renew: () => void;
  readonly soundTest: (heard: boolean) => Promise<ActAnswer>;
  /** Waits for the answer: the log-in that it needs ends next. */
  readonly close: () => Promise<void>;
  /** The log-in is over, and with it the right to say anything. */
  readonly forget: () => void;
  /** The page goes. */
  readonly leave: () => void;
};

type Called = { readonly name: string; readonly as: ScreenKind };
type State =
  | { readonly kind: "closed" }
  | ({ readonly kind: "wanted" } & Called)
  | ({ readonly kind: "open"; readonly id: string } & Called);

export function createScreen(parts: ScreenParts): Screen {
  let state: State = { kind: "closed" };
  let askedMs = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | null = null;

  const pathOf = (id: string): string => `/screens/${encodeURIComponent(id)}`;
  const closing = (id: string): Act => ({ method: "DELETE", path: pathOf(id), body: null });

  async function openOne({ name, as }: Called): Promise<void> {
    const wanted = state;
    const answer = await parts.acts.send({
      method: "POST",
      path: "/screens",
      body: { name, kind: as },
    });
    const given = answer.kind === "done" ? checkScreen(answer.body) : null;
    if (given?.kind !== "good") return notice(answer);
    if (state !== wanted) return parts.acts.sendAndLeave(closing(given.value.id));
    state = { kind: "open", name, as, id: given.value.id };
    await lease(given.value.id, { name, as });
  }

  async function lease(id: string, called: Called): Promise<void> {
    const csrf = parts.csrf();
    const headers: Record<string, string> = { "content-type": "application/json" };
    if (csrf !== null) headers["x-csrf-token"] = csrf;
    const body = JSON.stringify(parts.look());
    const url = `/api/v1${pathOf(id)}/lease`;
    const answer = await ask(parts.fetch, url, { method: "POST", headers, body }, LEASE_EVERY_MS);
    const isGone = answer.kind === "refused" && NO_SUCH_SCREEN.includes(answer.status);
    const { name, as } = called;
    if (isGone && state.kind === "open" && state.id === id) state = { kind: "wanted", name, as };
    notice(answer);
  }

  function notice(answer: ActAnswer): void {
    if (answer.kind === "refused" && NOT_OURS.includes(answer.status)) parts.onDoubt();
  }

  /** One request at a time: a slow service gets no queue of leases. */
  function askOnce(): Promise<void> {
    if (asking !== null || state.kind === "closed") return asking ?? Promise.resolve();
    askedMs = parts.nowMs();
    asking = (state.kind === "open" ? lease(state.id, state) : openOne(state)).finally(
      () => {
        asking = null;
      },
    );
    return asking;
  }

  return {
    open: (name, as) => {
      state = { kind: "wanted", name, as };
      void askOnce();
    },
    check: () => {
      if (parts.nowMs() - askedMs >= LEASE_EVERY_MS) void askOnce();
    },
    renew: () => void askOnce(),
    soundTest: async (heard) => {
      if (state.kind === "wanted") await askOnce();
      if (state.kind !== "open") return { kind: "no-answer" };
      const path = `${pathOf(state.id)}/sound-test`;
      return parts.acts.send({ method: "POST", path, body: { heard } });
    },
    close: async () => {
      const was = state;
      state = { kind: "closed" };
      if (was.kind === "open") await parts.acts.send(closing(was.id));
    },
    forget: () => {
      state = { kind: "closed" };
    },
    leave: () => {
      if (state.kind !== "open") return;
      parts.acts.sendAndLeave(closing(state.id));
      state = { kind: "closed" };
    },
  };
}
