// The end of a visit: the checklist, what is still missing to go home, and where the patient goes.
// The service decides; what it refuses is named, and every tick stays.

import { createActForm, type ActForm, type Field, type Values } from "../act-form.ts";
import type { Act } from "../acts.ts";
import { make, write, writeList } from "../dom.ts";
import * as say from "../messages/leaving.ts";
import { REASON } from "../messages/session.ts";
import { sessionPath } from "../router.ts";
import { overrideFields, overrideOf } from "./override.ts";
import type { About, OpenSection } from "./section.ts";

const HOME = "home_escorted";
const CHECKLIST: readonly Field[] = [
  { kind: "choices", name: "checks", label: say.CHECKS, choices: say.CHECK_CHOICES },
  { kind: "choice", name: "disposition", label: say.WHERE_TO, choices: say.DISPOSITIONS },
];
const ALL_CHECKS = say.CHECK_CHOICES.map(({ value }) => value);
const WHY: Field = { kind: "text", name: "reason", label: REASON, max: 500 };

export const createDischarge: OpenSection = (parts) => {
  let about: About | null = null;
  let wanted: "nothing" | "reason" | "override" = "nothing";
  const gate = make("p", { class: "gate-head" });
  const missing = make("ul", { class: "missing" });
  const form: ActForm = createActForm({
    acts: parts.acts,
    fields: CHECKLIST,
    send: say.SEND_DISCHARGE,
    notDone: say.NOT_ENDED,
    act: (values) => endOf(about?.bed.session?.id ?? "", values),
    done: () => {
      const ended = about?.bed.session?.id;
      parts.tell(say.ENDED);
      if (ended !== undefined) parts.go(sessionPath(ended));
      return undefined;
    },
    refused,
  });
  form.element.classList.add("discharge-form");
  form.element.addEventListener("change", () => {
    if (about !== null) paint(about);
  });

  function refused(type: string | null, detail: string | null): boolean {
    if (type === "/problems/not-ready") {
      want("override");
      parts.refresh();
    }
    const word = wordFor(type, stillMissing(), alarmIn(about, detail));
    if (word !== null) form.say(`${say.NOT_ENDED}: ${word}`);
    return word !== null;
  }

  function want(what: typeof wanted): void {
    if (what === wanted) return;
    wanted = what;
    const person = about?.seen.person ?? null;
    const more = { nothing: [], reason: [WHY], override: overrideFields(person) }[what];
    form.setFields([...CHECKLIST, ...more]);
  }

  function stillMissing(): readonly string[] {
    return about === null ? [] : lackOf(about, tickedIn(form.values()));
  }

  function paint(now: About): void {
    about = now;
    const { disposition = "" } = form.values();
    const isHome = disposition === "" || disposition === HOME;
    if (!isHome) want("reason");
    else if (wanted === "reason") want("nothing");
    if (now.session === null) return;
    const left = stillMissing();
    if (isHome && left.length === 0) want("nothing");
    const lines = lackOf(now, ALL_CHECKS);
    write(gate, say.gateHead(lines.length, left.length, now.seen.isLive));
    writeList(missing, "li", lines);
  }

  return {
    name: "discharge",
    label: ({ bed }) => (bed.session === null ? null : say.DISCHARGE),
    element: make("div", { class: "care" }, [gate, missing, form.element]),
    update: paint,
    opened: (_, byPerson) => {
      form.say("");
      want("nothing");
      if (byPerson) form.focus();
    },
  };
};

/** What the gate lacks, without what is ticked; of a session that is not read yet nothing. */
function lackOf({ session, seen }: About, ticked: readonly string[]): readonly string[] {
  return say.missingWithout(session?.gates.discharge ?? [], ticked, seen.time.minutes);
}

function endOf(session: string, values: Values): Act {
  const checks = Object.fromEntries(tickedIn(values).map((check) => [check, true]));
  const { disposition = "" } = values;
  const body = { disposition, checks, ...overrideOf(values) };
  return { method: "POST", path: `/sessions/${session}/end`, body };
}

/** Null: the form's own words are good enough. */
function wordFor(type: string | null, left: readonly string[], alarm: string): string | null {
  if (type === "/problems/not-ready") return `${left.join("; ")}. ${say.OVERRIDE_HINT}`;
  if (type === "/problems/high-unacknowledged") return say.highFirst(alarm);
  return type === "/problems/bad-value" ? say.WAS_DOSED : null;
}

function tickedIn(values: Values): readonly string[] {
  return (values["checks"] ?? "").split(" ").filter((check) => check !== "");
}

/** The alarm that the service's answer names, as the page shows it. */
function alarmIn(about: About | null, detail: string | null): string {
  const all = [...(about?.seen.ward?.occurrences.values() ?? [])];
  return all.find((one) => detail?.includes(one.occurrence) === true)?.text ?? "";
}
