// The end of a visit: the checklist, what is still missing to go home, and where the patient goes.
// The service decides; what it refuses is named, and every tick stays.

import { createActForm, type ActForm, type Field, type Values } from "../act-form.ts";
import { make, write, writeList } from "../dom.ts";
import { AS_LAST_KNOWN } from "../messages/common.ts";
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
    act: (values) => ({
      method: "POST",
      path: `/sessions/${about?.bed.session?.id}/end`,
      body: {
        disposition: values["disposition"],
        checks: Object.fromEntries(tickedIn(values).map((check) => [check, true])),
        ...overrideOf(values),
      },
    }),
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
    switch (type) {
      case "/problems/not-ready":
        want("override");
        parts.refresh();
        form.say(`${say.NOT_ENDED}: ${stillMissing().join("; ")}. ${say.OVERRIDE_HINT}`);
        return true;
      case "/problems/high-unacknowledged":
        form.say(`${say.NOT_ENDED}: ${say.highFirst(alarmIn(about, detail))}`);
        return true;
      case "/problems/bad-value":
        form.say(`${say.NOT_ENDED}: ${say.WAS_DOSED}`);
        return true;
      default:
        return false;
    }
  }

  function want(what: typeof wanted): void {
    if (what === wanted) return;
    wanted = what;
    const person = about?.seen.person ?? null;
    const more = { nothing: [], reason: [WHY], override: overrideFields(person) }[what];
    form.setFields([...CHECKLIST, ...more]);
  }

  function stillMissing(): readonly string[] {
    const all = about?.session?.gates.discharge ?? [];
    return say.missingWithout(all, tickedIn(form.values()), about?.seen.time.minutes ?? String);
  }

  function paint(now: About): void {
    about = now;
    const { disposition = "" } = form.values();
    const isHome = disposition === "" || disposition === HOME;
    if (!isHome) want("reason");
    else if (wanted === "reason") want("nothing");
    if (now.session === null) return;
    const { minutes } = now.seen.time;
    const lines = say.missingWithout(now.session.gates.discharge, ALL_CHECKS, minutes);
    const all = stillMissing();
    if (isHome && all.length === 0) want("nothing");
    const ticks = all.length === 0 ? say.NOTHING_MISSING : say.ONLY_TICKS;
    const head = lines.length === 0 ? ticks : say.STILL_MISSING;
    write(gate, now.seen.isLive ? head : `${head} (${AS_LAST_KNOWN})`);
    writeList(missing, "li", lines);
  }

  return {
    name: "discharge",
    label: ({ bed }) => (bed.session === null ? null : say.DISCHARGE),
    element: make("div", { class: "care" }, [gate, missing, form.element]),
    update: paint,
    opened: (_, byPerson = true) => {
      form.say("");
      want("nothing");
      if (byPerson) form.focus();
    },
  };
};

function tickedIn(values: Values): readonly string[] {
  return (values["checks"] ?? "").split(" ").filter((check) => check !== "");
}

/** The alarm that the service's answer names, as the page shows it. */
function alarmIn(about: About | null, detail: string | null): string {
  const all = [...(about?.seen.ward?.occurrences.values() ?? [])];
  return all.find((one) => detail?.includes(one.occurrence) === true)?.text ?? "";
}
