// Reads from the service (GET), each answer checked before anything shows it.

import { ask } from "./acts.ts";
import type { Checked } from "./check.ts";
import { notRead } from "./messages/views.ts";
import type { Read } from "./page-view.ts";

export async function read<T>(
  fetchIt: typeof fetch,
  path: string,
  check: (body: unknown) => Checked<T>,
): Promise<Read<T>> {
  const answer = await ask(fetchIt, `/api/v1${path}`, { method: "GET" });
  if (answer.kind === "no-answer") return { kind: "refused", status: null, why: notRead(answer) };
  if (answer.kind === "refused") {
    return { kind: "refused", status: answer.status, why: notRead(answer) };
  }
  const value = check(answer.body);
  if (value.kind === "good") return value;
  return { kind: "refused", status: null, why: notRead({ kind: "unreadable", why: value.why }) };
}
