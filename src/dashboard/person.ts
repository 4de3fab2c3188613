// Who is logged in on this page, as the service knows it (contract 6: log-in, log-out, me). The
// cookie is the browser's; what is kept here is the name, the role and the token for changes.
// Shows nothing, and never keeps a password.

import { ask, type Act, type Acts } from "./acts.ts";
import { refusal } from "./messages.ts";
import { HAND_OVER_FIRST, NOT_LOGGED_OUT } from "./messages/leaving.ts";
import { checkLoggedIn, checkMe, type Role } from "./wire.ts";

/** `displayOnly`: timed out; alarms are shown and nothing can be changed (safety X4). */
export type Person = {
  readonly name: string;
  readonly role: Role;
  readonly csrf: string | null;
  readonly displayOnly: boolean;
};

export type LogInAnswer =
  | { readonly kind: "in"; readonly person: Person }
  | { readonly kind: "refused"; readonly why: string };

export type MeAnswer =
  | { readonly kind: "in"; readonly person: Person }
  | { readonly kind: "out" }
  | { readonly kind: "no-answer" };

const NOT_LOGGED_IN = 401;
const LOG_OUT: Act = { method: "POST", path: "/logout", body: null };

export async function logIn(
  fetchIt: typeof fetch,
  name: string,
  password: string,
): Promise<LogInAnswer> {
  const answer = await ask(fetchIt, "/api/v1/login", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name, password }),
  });
  if (answer.kind !== "done") return { kind: "refused", why: refusal("Not logged in", answer) };
  const given = checkLoggedIn(answer.body);
  return given.kind === "good"
    ? { kind: "in", person: { ...given.value, displayOnly: false } }
    : { kind: "refused", why: `Not logged in: ${given.why}` };
}

/** Only a plain "you are not logged in" takes the ward away; anything else is no answer. */
export async function whoAmI(fetchIt: typeof fetch): Promise<MeAnswer> {
  const answer = await ask(fetchIt, "/api/v1/me", { method: "GET" });
  if (answer.kind === "refused" && answer.status === NOT_LOGGED_IN) return { kind: "out" };
  if (answer.kind !== "done") return { kind: "no-answer" };
  const me = checkMe(answer.body);
  if (me.kind === "fault") return { kind: "no-answer" };
  const { name, role, csrf, display_only: displayOnly } = me.value;
  return { kind: "in", person: { name, role, csrf, displayOnly } };
}

/** Null: logged out; else why not, such as being responsible for a session. */
export async function logOut(acts: Acts): Promise<string | null> {
  const answer = await acts.send(LOG_OUT);
  if (answer.kind === "done") return null;
  if (answer.kind === "refused" && answer.status === NOT_LOGGED_IN) return null;
  const isNeeded = answer.kind === "refused" && answer.type === "/problems/responsible";
  return isNeeded ? HAND_OVER_FIRST : refusal(NOT_LOGGED_OUT, answer);
}

/** How the service names a board's credential (contract 6). */
const BOARD = "token:board.";

/** The name that a wall board was paired by; null: this is a person. */
export function boardName(person: Person): string | null {
  return person.name.startsWith(BOARD) ? person.name.slice(BOARD.length) : null;
}

/** Acts of the floor are a nurse's and a lead's; an admin is not on it (contract 6). */
export function isOnTheFloor(person: Person): boolean {
  return isOfTheFloor(person) && !person.displayOnly;
}

/** By the role alone: whose log-in has timed out is asked to log in; others can do nothing. */
export function isOfTheFloor(person: Person): boolean {
  switch (person.role) {
    case "nurse":
    case "lead":
      return true;
    case "viewer":
    case "admin":
      return false;
  }
}
