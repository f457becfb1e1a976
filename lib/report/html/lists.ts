/** Lists: of facts, and ones that open at a click. @module */

import { type Markup, markup } from "./markup.ts";
import { number } from "./words.ts";

/** A list that can be opened; none where it is empty. */
export function openable(title: string, items: readonly string[]): Markup {
  if (items.length === 0) return markup``;
  return markup`
    <details>
      <summary>${title}: ${number(items.length)}</summary>
      <ul>${items.map((item) => markup`<li>${item}</li>\n`)}</ul>
    </details>
  `;
}

/** One line of a list of facts; none where there is nothing to say. */
export function pair(name: string, value: string | Markup | undefined): Markup {
  return value === undefined || value === "" ? markup`` : markup`<dt>${name}</dt><dd>${value}</dd>\n`;
}
