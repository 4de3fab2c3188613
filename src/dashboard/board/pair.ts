// Pairs this browser as a wall board: a code that an admin was given, for a credential that only
// displays (contract 6; safety X4). The credential is a cookie, which this page never sees.

import { ask } from "../acts.ts";
import { NO_ANSWER } from "../messages.ts";
import { NOT_PAIRED, REFUSED } from "../messages/board.ts";

/** As the service takes it: 26 characters of a-z, 0-9, `.`, `_` and `-`. */
const NAME_MAX = 26;

/** The code as it was given out: read in groups, typed in any case. */
export function codeOf(typed: string): string {
  return typed.replace(/[\s-]/g, "").toUpperCase();
}

/** The nearest name that a board can have. Empty: nothing of it can be used. */
export function nameOf(typed: string): string {
  const plain = typed.trim().toLowerCase().replace(/\s+/g, "-");
  return plain.replace(/[^a-z0-9._-]/g, "").slice(0, NAME_MAX);
}

/** Null: paired; else why not. `csrf`: of the log-in that this browser has, if any. */
export async function pairBoard(
  fetchIt: typeof fetch,
  csrf: string | null,
  code: string,
  name: string,
): Promise<string | null> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (csrf !== null) headers["x-csrf-token"] = csrf;
  const body = JSON.stringify({ code, name });
  const answer = await ask(fetchIt, "/api/v1/screens/pair", { method: "POST", headers, body });
  if (answer.kind === "done") return null;
  if (answer.kind === "no-answer") return `${NOT_PAIRED}: ${NO_ANSWER}`;
  const known = answer.type === null ? undefined : REFUSED[answer.type];
  return `${NOT_PAIRED}: ${known ?? answer.detail ?? answer.title}`;
}
