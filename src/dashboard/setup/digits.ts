// How high the ward's numbers are on this screen. The ward may not be shown now, so it is laid out
// for a moment in which nothing is painted.

import { part } from "../dom.ts";
import { fitTiles } from "../ward-view.ts";

/** In CSS px. */
export type Digits = { readonly pressurePx: number; readonly signalPx: number };

/** Null: there is no tile. Only while nothing of the page's views has the focus. */
export function wardDigits(page: Document): Digits | null {
  const [ward, host] = [part(page, "#ward"), part(page, "#view")];
  const was = { ward: ward.hidden, host: host.hidden, view: page.body.dataset["view"] ?? "ward" };
  const scrolled = host.scrollTop;
  [ward.hidden, host.hidden] = [false, true];
  page.body.dataset["view"] = "ward";
  fitTiles(part(page, "#beds"));
  const [pressurePx, signalPx] = [".bp-value", ".number"].map((of) => digitPx(ward, of));
  [ward.hidden, host.hidden] = [was.ward, was.host];
  page.body.dataset["view"] = was.view;
  host.scrollTop = scrolled;
  return pressurePx == null || signalPx == null ? null : { pressurePx, signalPx };
}

/** Of the digit itself, not of its line. */
function digitPx(ward: Element, of: string): number | null {
  const number = ward.querySelector(`.tile ${of}`);
  const canvas = document.createElement("canvas").getContext("2d");
  if (number === null || canvas === null) return null;
  const { fontWeight, fontSize, fontFamily } = getComputedStyle(number);
  canvas.font = `${fontWeight} ${fontSize} ${fontFamily}`;
  return canvas.measureText("0").actualBoundingBoxAscent;
}
