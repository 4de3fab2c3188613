// The page's addresses (contract 8) and what each of them shows. Pure but for `listen`, which tells
// when a person goes somewhere, by a link or by the browser's own buttons.

/** `session` is a session's record; its work is done at its bed. */
export type Place =
  | { readonly view: "ward" }
  | { readonly view: "bed"; readonly bed: string }
  | { readonly view: "session"; readonly session: string }
  | { readonly view: "alarms" }
  | { readonly view: "setup" }
  | { readonly view: "board" }
  | { readonly view: "nowhere" };

const PLAIN = ["alarms", "setup", "board"] as const;

export function placeOf(path: string): Place {
  const [first = "", second = "", ...more] = path.split("/").slice(1);
  if (path === "/") return { view: "ward" };
  if (more.length > 0) return { view: "nowhere" };
  if (second === "") {
    const view = PLAIN.find((name) => name === first);
    return view === undefined ? { view: "nowhere" } : { view };
  }
  if (first === "beds") return { view: "bed", bed: decoded(second) };
  if (first === "sessions") return { view: "session", session: decoded(second) };
  return { view: "nowhere" };
}

export function bedPath(bed: string): string {
  return `/beds/${encodeURIComponent(bed)}`;
}

export function sessionPath(session: string): string {
  return `/sessions/${encodeURIComponent(session)}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Links of the page itself (`data-go`) change what is shown and load nothing. */
export function listen(page: Document, onGo: (path: string) => void): void {
  page.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-go]") : null;
    const path = link?.getAttribute("href") ?? null;
    if (path === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onGo(path);
  });
}
