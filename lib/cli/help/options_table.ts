/** The README's table of options, generated from the options. @module */

import { environmentVariable, type Option, options, spelling } from "../options/options.ts";

/** Comments around the table in the README. */
export const optionsMarkers = { start: "<!-- options -->", end: "<!-- /options -->" } as const;

/** The table in Markdown, between its two markers. */
export function optionsTable(): string {
  const rows = options.map((option: Option) => {
    const variable = environmentVariable(option);
    const cells = [code(spelling(option)), sentence(option), variable === undefined ? "" : code(variable)];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    optionsMarkers.start,
    "<!-- deno-fmt-ignore-start -->",
    "",
    "| option | meaning | environment |",
    "| --- | --- | --- |",
    ...rows,
    "",
    "<!-- deno-fmt-ignore-end -->",
    optionsMarkers.end,
  ].join("\n");
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

function sentence({ help, defaultText }: Option): string {
  return defaultText === "" ? help : `${help} (default: ${defaultText})`;
}
