// Of whom a record is, when it began and how it ended, and its report and exports.

import { make, mark, write, writeOrHide } from "../dom.ts";
import * as say from "../messages/record.ts";
import { drugLine } from "../messages/session.ts";
import type { Seen } from "../page-view.ts";
import { bedPath } from "../router.ts";
import type { AnySession } from "../wire-session.ts";

export type Known = { readonly kind: "nothing" } | AnySession;

export type Head = {
  readonly element: HTMLElement;
  readonly say: (text: string) => void;
  readonly update: (known: Known, seen: Seen) => void;
};

export function createHead(id: string): Head {
  const who = make("p", { class: "record-who", dir: "auto" });
  const when = make("p");
  const note = make("p", { class: "hint", role: "status" });
  const to = `/api/v1/sessions/${encodeURIComponent(id)}`;
  const bed = make("a", { "data-go": "" }, [say.TO_BED]);
  const links = make("nav", { class: "record-links", "aria-label": say.REPORT }, [
    make("a", { href: `${to}/report`, target: "_blank", rel: "noopener" }, [say.REPORT]),
    make("a", { href: `${to}/export.csv`, download: "" }, [say.CSV]),
    make("a", { href: `${to}/export.fhir.json`, download: "" }, [say.FHIR]),
    bed,
  ]);
  links.hidden = true;
  return {
    element: make("header", { class: "record-head" }, [who, when, links, note]),
    say: (text) => writeOrHide(note, text),
    update: (known, { time }) => {
      if (known.kind === "nothing") return;
      const of = known.kind === "runs" ? known.session : known.past;
      links.hidden = false;
      bed.hidden = known.kind !== "runs";
      mark(bed, "href", known.kind === "runs" ? bedPath(known.session.bed) : null);
      write(who, say.recordHead(of.patient));
      mark(who, "title", who.textContent);
      const treated = drugLine(of.drug, of.route);
      const began = time.day(of.started);
      const course =
        known.kind === "runs"
          ? say.runsSince(began, known.session.phase)
          : say.endedLine(began, time.day(known.past.ended ?? 0), known.past.disposition);
      write(when, `${treated} · ${course}`);
    },
  };
}
