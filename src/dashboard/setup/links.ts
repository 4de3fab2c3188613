// Each bed's devices and each source as they do now, with what was rejected.

import { make, mark, write, writeList } from "../dom.ts";
import { linkLine, sourceLine } from "../messages.ts";
import { AS_LAST_KNOWN } from "../messages/views.ts";
import * as say from "../messages/setup.ts";
import type { Seen } from "../page-view.ts";

export type LinksPart = { readonly element: HTMLElement; readonly update: (seen: Seen) => void };

export function createLinks(): LinksPart {
  const beds = make("dl", { class: "bed-links" });
  const sources = make("ul", { class: "plain-list" });
  const old = make("p", { class: "why" }, [AS_LAST_KNOWN]);
  const inside = [
    make("h3", {}, [say.DEVICES]),
    old,
    beds,
    make("h4", {}, [say.SOURCES]),
    sources,
  ];
  const element = make("section", { class: "setup-part" }, inside);

  function lineOf(index: number): readonly [HTMLElement, HTMLElement] {
    while (beds.children.length <= 2 * index + 1)
      beds.append(make("dt", { dir: "auto" }), make("dd"));
    return [beds.children[2 * index], beds.children[2 * index + 1]] as [HTMLElement, HTMLElement];
  }

  return {
    element,
    update: ({ ward, isLive, serverMs }) => {
      old.hidden = isLive;
      if (ward === null || !isLive) return;
      while (beds.children.length > 2 * ward.beds.length) beds.lastElementChild?.remove();
      ward.beds.forEach(({ bed }, index) => {
        const [name, links] = lineOf(index);
        write(name, bed.label);
        mark(name, "title", bed.label);
        const lines = bed.links.map((link) => linkLine(link, serverMs));
        writeList(links, "p", lines.length === 0 ? [say.NO_LINKS] : lines);
      });
      writeList(sources, "li", ward.sources.map(sourceLine));
    },
  };
}
