// Which view fills the place below the alarm strip, by the page's address. One is open at a time;
// the ward's tiles are kept while another is, so that coming back is at once.

import { openAlarms } from "./alarms/alarms-view.ts";
import { openBed } from "./bed/bed-view.ts";
import { make, mark, part } from "./dom.ts";
import { NOTHING_HERE } from "./messages/views.ts";
import type { PageView, Seen, ViewParts } from "./page-view.ts";
import { listen, placeOf, type Place } from "./router.ts";
import { openRecord } from "./session/record-view.ts";
import { createDelayLog, type DelayLog } from "./setup/delays.ts";
import { openSetup } from "./setup/setup-view.ts";
import type { WireMessage } from "./wire.ts";

export type Pages = {
  readonly place: () => Place;
  readonly go: (path: string) => void;
  readonly update: (seen: Seen) => void;
  readonly hear: (message: WireMessage) => void;
  /** Nobody is logged in: nothing of a view stays in the page. */
  readonly clear: () => void;
  /** The title of the view that is open; null: the ward's own. */
  readonly title: () => string | null;
};

export function createPages(page: Document, given: Omit<ViewParts, "go">): Pages {
  const ward = part(page, "#ward");
  const host = part(page, "#view");
  let place = placeOf(location.pathname);
  let open: PageView | null = null;
  const parts: ViewParts = { ...given, go };
  const delays = createDelayLog();

  function show(): void {
    const isWard = place.view === "ward" || place.view === "board";
    ward.hidden = !isWard;
    host.hidden = isWard;
    page.body.dataset["view"] = place.view;
    for (const link of page.querySelectorAll("#places a"))
      mark(link, "aria-current", link.getAttribute("href") === location.pathname ? "page" : null);
    open = viewOf(place, parts, delays);
    host.replaceChildren(...(open === null ? [] : [open.element]));
  }

  function go(path: string): void {
    const [to = "", inside = null] = path.split("#");
    if (to !== location.pathname) {
      history.pushState(null, "", to);
      arrive();
    }
    if (inside === null) return;
    host.focus({ preventScroll: true });
    open?.turnTo?.(inside);
  }

  function arrive(): void {
    close();
    place = placeOf(location.pathname);
    show();
    host.focus({ preventScroll: true });
  }

  function close(): void {
    open?.close();
    open = null;
    host.replaceChildren();
  }

  listen(page, go);
  window.addEventListener("popstate", arrive);
  return {
    place: () => place,
    go,
    update: (seen) => {
      if (open === null && host.childElementCount === 0) show();
      open?.update(seen);
    },
    hear: (message) => {
      delays.hear(message);
      open?.hear(message);
    },
    clear: close,
    title: () => open?.title ?? null,
  };
}

function viewOf(place: Place, parts: ViewParts, delays: DelayLog): PageView | null {
  switch (place.view) {
    case "ward":
    case "board":
      return null;
    case "bed":
      return openBed(place, parts);
    case "session":
      return openRecord(place, parts);
    case "alarms":
      return openAlarms(place, parts);
    case "setup":
      return openSetup(parts, delays);
    case "nowhere":
      return nowhere();
  }
}

function nowhere(): PageView {
  const element = make("section", { class: "page" }, [make("p", {}, [NOTHING_HERE])]);
  const nothing = (): void => undefined;
  return { title: NOTHING_HERE, element, update: nothing, hear: nothing, close: nothing };
}
