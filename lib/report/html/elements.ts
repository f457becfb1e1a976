/** What the sections are made of: lists that open, facts, tables that sort, names that break where they may, lines to copy. @module */

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

/** The head of a column: its name, and whether numbers stand below it. */
export type Heading = string | readonly [name: string, "number"];

/** A table that can be sorted by any column, in a region of its own that scrolls. */
export function dataTable(
  label: string,
  headings: readonly Heading[],
  rows: readonly Markup[],
  caption = label,
): Markup {
  const heads = headings.map((heading) =>
    typeof heading === "string"
      ? markup`<th scope="col">${heading}</th>`
      : markup`<th scope="col" class="number">${heading[0]}</th>`
  );
  return markup`
    <div class="scroll" tabindex="0" role="region" aria-label="${label}">
      <table class="sortable">
        <caption>${caption}</caption>
        <thead>
          <tr>${heads}</tr>
        </thead>
        <tbody>${rows}</tbody>
      </table>
    </div>
  `;
}

/** A cell with a number: `value` sorts it, `text` is read. Undefined, it is empty and comes first. */
export function numberCell(value: number | undefined, text: (value: number) => string): Markup {
  return markup`<td class="number" data-value="${value ?? -1}">${value === undefined ? "" : text(value)}</td>`;
}

/** A short text as code, with a button that copies it. */
export function copyable(text: string): Markup {
  return markup`<span class="copyable"><code>${breakable(text)}</code>${button}</span>`;
}

/** Lines as they are, with a button that copies them. */
export function copyableLines(lines: readonly string[]): Markup {
  const each = lines.map((line, at) => at === 0 ? markup`${line}` : markup`\n${line}`);
  return markup`<div class="copyable lines"><pre>${each}</pre>${button}</div>`;
}

/** The script shows it, and copies the text beside it. */
const button = markup`<button type="button" class="copy" hidden>Copy</button>`;

/** A name that may be broken behind `_`, `-`, `.`, `/`, `:` and `@`, and nowhere else where there is room for that. */
export function breakable(name: string): Markup {
  const parts = name.split(/(?<=[_\-./:@])(?=[^_\-./:@])/);
  return markup`${parts.map((part, at) => at === 0 ? markup`${part}` : markup`<wbr>${part}`)}`;
}
