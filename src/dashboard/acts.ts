// Sends a person's acts. Each carries a command id that is kept a short time where the service has
// not answered, so that a second tap after a broken connection is the same act (alarms 11, row 17;
// contract 6).
// Knows nothing of what an act means; what a refusal says to a person is the caller's.

import { checkProblem } from "./wire.ts";

const ANSWER_WITHIN_MS = 5_000;
/** How long after a try without an answer the same tap is the same act. Later it is meant anew: the
 * service repeats the old answer to an id that it knows, and the page would say "done" of an act
 * that was never done. Real time, from the end of the last try. Ours. */
export const SAME_ACT_MS = 30_000;
/** Answered with "try again with the same command id" (problem `busy`). */
const BUSY = 503;

export type Act = {
  readonly method: "POST" | "PUT" | "DELETE";
  /** Below `/api/v1`. */
  readonly path: string;
  /** Null: the command id goes into the header `Command-Id`. */
  readonly body: Readonly<Record<string, unknown>> | null;
};

/** `type`: the problem's, null where there was no answer or none that can be read. */
export type ActAnswer =
  | { readonly kind: "done"; readonly body: unknown }
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly type: string | null;
      readonly title: string;
      readonly detail: string | null;
    }
  | { readonly kind: "no-answer" };

export type ActParts = {
  readonly fetch: typeof fetch;
  readonly newCommandId: () => string;
  /** The log-in's token against forged requests; null: not logged in. */
  readonly csrf: () => string | null;
  /** A clock that never steps. */
  readonly nowMs: () => number;
};

export type Acts = {
  readonly send: (act: Act) => Promise<ActAnswer>;
  /** For the page's end: the answer is not waited for. */
  readonly sendAndLeave: (act: Act) => void;
};

export function createActs(parts: ActParts): Acts {
  /** Of acts that were not answered yet, and when they were last tried. */
  const tries = new Map<string, { readonly id: string; readonly atMs: number }>();

  function request(act: Act, commandId: string): readonly [string, RequestInit] {
    const headers: Record<string, string> = { "content-type": "application/json" };
    const csrf = parts.csrf();
    if (csrf !== null) headers["x-csrf-token"] = csrf;
    if (act.body === null) headers["command-id"] = commandId;
    const body = act.body === null ? null : JSON.stringify({ ...act.body, command_id: commandId });
    return [`/api/v1${act.path}`, { method: act.method, headers, body }];
  }

  async function send(act: Act): Promise<ActAnswer> {
    const command = JSON.stringify(act);
    const last = tries.get(command);
    const isSame = last !== undefined && parts.nowMs() - last.atMs < SAME_ACT_MS;
    const id = isSame ? last.id : parts.newCommandId();
    tries.set(command, { id, atMs: parts.nowMs() });
    const [url, init] = request(act, id);
    const answer = await ask(parts.fetch, url, init);
    const isAnswered =
      answer.kind === "done" || (answer.kind === "refused" && answer.status !== BUSY);
    // Another try of it may have been answered meanwhile: its id is used up.
    if (tries.get(command)?.id !== id) return answer;
    if (isAnswered) tries.delete(command);
    else tries.set(command, { id, atMs: parts.nowMs() });
    return answer;
  }

  return {
    send,
    sendAndLeave: (act) => {
      const [url, init] = request(act, parts.newCommandId());
      void parts.fetch(url, { ...init, keepalive: true }).catch(() => undefined);
    },
  };
}

/** One request, its answer read as far as it can be. An empty body reads as null. */
export async function ask(
  fetchIt: typeof fetch,
  url: string,
  init: RequestInit,
  withinMs = ANSWER_WITHIN_MS,
): Promise<ActAnswer> {
  let status: number;
  let body: unknown;
  try {
    const response = await fetchIt(url, { ...init, signal: AbortSignal.timeout(withinMs) });
    const text = await response.text();
    status = response.status;
    body = text === "" ? null : (JSON.parse(text) as unknown);
  } catch {
    return { kind: "no-answer" };
  }
  if (status >= 200 && status < 300) return { kind: "done", body };
  const problem = checkProblem(body);
  if (problem.kind === "fault") {
    return { kind: "refused", status, type: null, title: `status ${status}`, detail: null };
  }
  return { kind: "refused", status, ...problem.value };
}

/** A UUID of version 4. `crypto.randomUUID` is missing on a page served by plain HTTP. */
export function newCommandId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}
