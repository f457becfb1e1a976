/** The JSON Schema of configuration files, for editors; from the table of options. @module */

import { type Option, workspacesKey } from "../options/option.ts";
import { options } from "../options/options.ts";
import { programName } from "./version.ts";

/** The schema as text, ending in a newline. */
export function configSchema(): string {
  const rows: readonly Option[] = options;
  const properties = rows.filter((option) => !option.notInFile).map((option) => [option.name, property(option)]);
  const own = rows.filter((option) => option.perSource).map((option) => [option.name, property(option)]);
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `${programName} configuration`,
    type: "object",
    additionalProperties: false,
    properties: {
      ...Object.fromEntries(properties),
      [workspacesKey]: {
        description: "options of single sources, by the identifiers of their instances",
        type: "object",
        additionalProperties: {
          type: "object",
          additionalProperties: false,
          properties: Object.fromEntries(own),
        },
      },
    },
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

function property(option: Option): Readonly<Record<string, unknown>> {
  return {
    description: option.defaultText === "" ? option.help : `${option.help} (default: ${option.defaultText})`,
    ...type(option),
  };
}

function type(option: Option): Readonly<Record<string, unknown>> {
  // An editor takes an account id without quotes for a number.
  const text = { type: ["string", "integer"], minLength: 1 };
  switch (option.kind) {
    case "flag":
      return { type: "boolean" };
    case "choice":
      return { enum: option.choices };
    case "number":
      return { type: option.whole ? "integer" : "number", minimum: option.least, maximum: option.most };
    case "duration":
      return {
        anyOf: [{ type: "number", minimum: option.least, maximum: option.most }, {
          type: "string",
          pattern: "^([0-9.]+(ms|s|m|h|d))+$",
        }],
      };
    case "list":
      return { anyOf: [text, { type: "array", items: text, minItems: 1 }] };
    case "text":
      return text;
  }
}
