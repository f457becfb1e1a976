/** Holds data against a JSON Schema. @module */

import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

/** What is wrong with the data, each with its place; empty where it fits. An unknown keyword in the schema is an error. */
export function faultsOf(schema: object, data: unknown): readonly string[] {
  const ajv = new Ajv2020({ allErrors: true, strict: true });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  if (validate(data)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || "/"} ${message}`);
}
