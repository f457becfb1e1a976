/** The type of an API action, and what several actions share. @module */
import { List, type Parameters, type Xml } from "../query.ts";
import type { RdsState } from "../state.ts";
import { ApiError } from "../api_error.ts";

/**
 * Answers one call with the content of its result, undefined if the API model has none. `ends`: the status, from a fault rule, in
 * which the record ends.
 */
export type Action = (rds: RdsState, parameters: Parameters, ends?: string) => Xml;

/** One page of a list. The marker is the position in the list. */
export function page<T>(
  rds: RdsState,
  parameters: Parameters,
  all: readonly T[],
): { readonly records: readonly T[]; readonly marker?: string } {
  const wanted = parameters.integer("MaxRecords") ?? 100;
  if (wanted < 20 || wanted > 100) {
    throw new ApiError("InvalidParameterValue", `Invalid value ${wanted} for MaxRecords. Must be between 20 and 100.`);
  }
  const marker = parameters.text("Marker") || "page-0";
  const start = /^page-(\d+)$/.exec(marker)?.[1];
  if (start === undefined) throw new ApiError("InvalidParameterValue", "The specified marker is invalid.");
  const end = Number(start) + Math.min(wanted, rds.config.pageSize);
  const records = all.slice(Number(start), end);
  return end < all.length ? { records, marker: `page-${end}` } : { records };
}

/** Applies the filters; an unknown one is an error. */
export function filtered<T>(
  parameters: Parameters,
  all: readonly T[],
  known: Readonly<Record<string, (record: T) => string>>,
): readonly T[] {
  let found = all;
  for (const [name, values] of parameters.filters()) {
    const value = known[name];
    if (!value) throw new ApiError("InvalidParameterValue", `Unrecognized filter name: ${name}`);
    found = found.filter((record) => values.includes(value(record)));
  }
  return found;
}

/** Tags as a list in an answer. */
export function tagList(tags: readonly { readonly key: string; readonly value: string }[]): List {
  return new List("Tag", tags.map(({ key, value }) => ({ Key: key, Value: value })));
}
