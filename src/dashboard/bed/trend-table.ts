// The trend as a table of text: for whoever can't see the curves, or wants the figures.

import { make, write } from "../dom.ts";
import * as say from "../messages/bed.ts";
import type { Row } from "./trend-read.ts";

export type TrendTable = {
  readonly element: HTMLElement;
  readonly update: (rows: readonly Row[]) => void;
};

export function createTable(): TrendTable {
  const heads = say.TABLE_HEAD.map((text) => make("th", { scope: "col" }, [text]));
  const body = make("tbody");
  const element = make("table", { class: "trend-table" }, [
    make("caption", {}, [say.TABLE_CAPTION]),
    make("thead", {}, [make("tr", {}, heads)]),
    body,
  ]);
  return {
    element,
    update: (rows) => {
      while (body.rows.length > rows.length) body.deleteRow(-1);
      while (body.rows.length < rows.length) body.append(make("tr", {}, say.TABLE_HEAD.map(cell)));
      rows.forEach((texts, place) => {
        const row = body.rows[place];
        if (row === undefined) return;
        texts.forEach((text, column) => write(row.children[column] as Element, text));
      });
    },
  };
}

function cell(_head: string, column: number): HTMLElement {
  return column === 0 ? make("th", { scope: "row" }) : make("td");
}
