// The page's end, and its coming back. Whoever is responsible for a patient is asked first: this
// screen would watch no more (alarms 9.6, 12).

export type EndParts = {
  readonly isResponsible: () => boolean;
  readonly leave: () => void;
};

export function bindEnds(page: Window, parts: EndParts): void {
  let isOld = false;
  page.addEventListener("beforeunload", (event) => {
    // What it says then is the browser's own.
    if (!isOld && parts.isResponsible()) event.preventDefault();
  });
  page.addEventListener("pagehide", parts.leave);
  // Out of the browser's cache comes an old page: its numbers, and a screen that was closed.
  page.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    isOld = true;
    page.location.reload();
  });
}
