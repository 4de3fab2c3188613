// The end of a visit: the checklist, what is still missing to go home, and where the patient goes.
// The service decides; what it refuses is named, and every tick stays.

import { createActForm, type ActForm, type Field, type Values } from "../act-form.ts";
import type { Act } from "../acts.ts";
import { make, write, writeOrHide } from "../dom.ts";
import * as say from "../messages/leaving.ts";
import { sessionPath } from "../router.ts";
import { inWords } from "./body.ts";
import { overrideFields, overrideOf, REASON } from "./override.ts";
import type { About, OpenSection, SectionName } from "./section.ts";

const HOME = "home_escorted";
const CHECKLIST: readonly Field[] = [
  { kind: "choices", name: "checks", label: say.CHECKS, choices: say.CHECK_CHOICES },
  { kind: "choice", name: "disposition", label: say.WHERE_TO, choices: say.DISPOSITIONS },
];
const ALL_CHECKS = say.CHECK_CHOICES.map(({ value }) => value);

export const createDischarge: OpenSection = (parts) => {
  let about: About | null = null;
  let wanted: "nothing" | "reason" | "override" = "nothing";
  const gate = make("p", { class: "gate-head" });
  const missing = createMissing(parts.openDrawer);
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
    const left = stillMissing().map(({ line }) => line);
    return inWords(() => form, say.NOT_ENDED, {
      "not-ready": `${left.join("; ")}. ${say.OVERRIDE_HINT}`,
      "high-unacknowledged": say.highFirst(alarmIn(about, detail)),
      "bad-value": say.WAS_DOSED,
    })(type);
  }

  function want(what: typeof wanted): void {
    if (what === wanted) return;
    wanted = what;
    const person = about?.seen.person ?? null;
    const more = { nothing: [], reason: [REASON], override: overrideFields(person) }[what];
    form.setFields([...CHECKLIST, ...more]);
  }

  function stillMissing(): readonly say.MissingLine[] {
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
    missing.update(lines);
  }

  return {
    name: "discharge",
    label: ({ bed }) => (bed.session === null ? null : say.DISCHARGE),
    element: make("div", { class: "care" }, [gate, missing.element, form.element]),
    update: paint,
    opened: (_, byPerson) => {
      form.say("");
      // What was written after a refusal stays until it is sent.
      if (Object.keys(overrideOf(form.values())).length === 0) want("nothing");
      if (byPerson) form.focus();
    },
  };
};

/** Each thing that is missing, with a button that leads to where it is done. */
function createMissing(openDrawer: (name: SectionName) => void): {
  readonly element: HTMLElement;
  readonly update: (lines: readonly say.MissingLine[]) => void;
} {
  const element = make("ul", { class: "missing" });
  let shown: readonly say.MissingLine[] = [];
  const newLine = (): HTMLElement => {
    const go = make("button", { type: "button", class: "quick" });
    const line = make("li", {}, [make("span"), go]);
    go.addEventListener("click", () => {
      const where = shown[[...element.children].indexOf(line)]?.doneIn ?? null;
      if (where !== null) openDrawer(where);
    });
    return line;
  };
  return {
    element,
    update: (lines) => {
      shown = lines;
      while (element.children.length > lines.length) element.lastElementChild?.remove();
      while (element.children.length < lines.length) element.append(newLine());
      lines.forEach(({ line, doneIn }, place) => {
        const [text, go] = element.children[place]?.children ?? [];
        if (text !== undefined) write(text, line);
        if (go instanceof HTMLElement) writeOrHide(go, doneIn === null ? "" : say.WHERE[doneIn]);
      });
    },
  };
}

/** What the gate lacks, without what is ticked; of a session that is not read yet nothing. */
function lackOf({ session, seen }: About, ticked: readonly string[]): readonly say.MissingLine[] {
  return say.missingWithout(session?.gates.discharge ?? [], ticked, seen.time.minutes);
}

function endOf(session: string, values: Values): Act {
  const checks = Object.fromEntries(tickedIn(values).map((check) => [check, true]));
  const { disposition = "" } = values;
  const body = { disposition, checks, ...overrideOf(values) };
  return { method: "POST", path: `/sessions/${session}/end`, body };
}

function tickedIn(values: Values): readonly string[] {
  return (values["checks"] ?? "").split(" ").filter((check) => check !== "");
}

/** The alarm that the service's answer names, as the page shows it. */
function alarmIn(about: About | null, detail: string | null): string {
  const all = [...(about?.seen.ward?.occurrences.values() ?? [])];
  return all.find((one) => detail?.includes(one.occurrence) === true)?.text ?? "";
}
