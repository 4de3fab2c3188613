// A line to be measured with a real ruler: it tells how large this screen's pixels are, and so
// from how far the ward can be read (alarms, Dashboard HMI 4).

import { make, writeList, writeOrHide } from "../dom.ts";
import * as say from "../messages/setup.ts";
import { wardDigits, type Digits } from "./digits.ts";
import { lineMm, readable } from "./readable.ts";

const KEY = "dosevigil.line-mm";

export type Ruler = { readonly element: HTMLElement; readonly update: () => void };

export function createRuler(): Ruler {
  const line = make("div", { class: "ruler-line", role: "img", "aria-label": say.RULER });
  const typed = make("input", { inputmode: "decimal", autocomplete: "off", maxlength: "7" });
  const told = make("div", { class: "ruler-told" });
  const why = make("p", { class: "why", role: "status" });
  const element = make("section", { class: "setup-part" }, [
    make("h3", {}, [say.RULER]),
    make("p", {}, [say.RULER_ABOUT]),
    line,
    make("label", { class: "ruler-length" }, [say.LINE_MM, typed]),
    told,
    why,
  ]);
  let digits: Digits | null = null;
  typed.value = localStorage.getItem(KEY) ?? "";

  function show(): void {
    const mm = lineMm(typed.value);
    const isWrong = mm === null && typed.value.trim() !== "";
    writeOrHide(why, isWrong ? say.NO_LINE : digits === null ? say.NO_TILES : "");
    writeList(told, "p", mm === null || digits === null ? [] : lines(mm, digits));
  }

  function lines(mm: number, { pressurePx, signalPx }: Digits): readonly string[] {
    const mmPerPx = mm / line.getBoundingClientRect().width;
    return [
      say.readableLine(say.PRESSURES, readable(pressurePx * mmPerPx)),
      say.readableLine(say.SIGNALS, readable(signalPx * mmPerPx)),
    ];
  }

  typed.addEventListener("input", () => {
    if (lineMm(typed.value) !== null) localStorage.setItem(KEY, typed.value);
    show();
  });
  let size = "";
  return {
    element,
    // When it comes into sight, and again with another window: then the ward is another.
    update: () => {
      const { width } = line.getBoundingClientRect();
      const tiles = document.querySelectorAll("#beds .tile").length;
      const now = [innerWidth, innerHeight, width, tiles].join(" ");
      if (width === 0 || now === size) return;
      size = now;
      digits = wardDigits(document);
      show();
    },
  };
}
