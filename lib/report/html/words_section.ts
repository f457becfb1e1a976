/** What the page's words mean, for who reads one for the first time. @module */

import type { SourceOutcome } from "../../core/report.ts";
import { pair } from "./elements.ts";
import { type Markup, markup } from "./markup.ts";

/** By strategy's name, what it does in one sentence. */
export type StrategySummaries = ReadonlyMap<string, string>;

const words: readonly (readonly [word: string, meaning: string])[] = [
  [
    "condition",
    "what a strategy's new values must fulfil; verification checks it on every row of the tables that rules change",
  ],
  [
    "ruled, by a rule",
    "a rule of the scrubber names the column: its strategy changes it, or the rule keeps it and says why",
  ],
  [
    "structural",
    "a key, a timestamp, a truth value or a counter, known as such by its type and place in the schema; it stays",
  ],
  ["computed", "the server computes the column from others of the same row"],
  ["reviewed", "a person has looked at the column, decided that it may stay, and signed that with a reason"],
  ["kept", "of a column: it stays as it is; of a database: it is handed over as it was, because the operator named it"],
  ["public", "the kept part of the column is public elsewhere; its tokens are therefore not searched for"],
  ["token", "a mail address, a UUID, or 16 or more letters, digits, - and _ with both a letter and a digit among them"],
  ["workspace", "the temporary instance that the run restored, changed and deleted"],
  ["orphan", "a workspace that an earlier run left behind when it died"],
];

/** The section, closed. Strategies are in it where the report names them. */
export function wordsSection(sources: readonly SourceOutcome[], strategies: StrategySummaries = new Map()): Markup {
  const used = usedStrategies(sources).flatMap((name) => {
    const summary = strategies.get(name);
    return summary === undefined ? [] : [[name, summary] as const];
  });
  return markup`<section aria-labelledby="glossary">
<details class="fold">
<summary><h2 id="glossary">Words</h2></summary>
<dl>${words.map(([word, meaning]) => pair(word, meaning))}</dl>
${
    used.length === 0 ? undefined : markup`<h3>Strategies</h3>
<dl>${used.map(([name, summary]) => pair(name, summary))}</dl>`
  }
</details>
</section>`;
}

/** The names, in alphabetical order. A strategy for some rows is named with them behind a comma. */
function usedStrategies(sources: readonly SourceOutcome[]): readonly string[] {
  const databases = sources.flatMap(({ databases }) => databases);
  const named = databases.flatMap(({ tables, coverage }) => [
    ...tables.flatMap(({ columns }) => Object.values(columns)),
    ...(coverage?.columns ?? []).flatMap(({ by, reason }) => by === "ruled" ? [reason] : []),
  ]);
  return [...new Set(named.flatMap((text) => text.split(",", 1)))].toSorted();
}
