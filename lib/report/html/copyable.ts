/** Names and lines that can be copied, and names that break only where they may. @module */

import { type Markup, markup } from "./markup.ts";

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
