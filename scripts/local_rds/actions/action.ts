/** What an action of the API is, and what several of them share. @module */
import { List, type Xml } from "../xml.ts";
import type { Parameters } from "../query.ts";
import type { Rds } from "../rds.ts";
import { ApiError } from "../api_error.ts";

/**
 * Answers one call: gives the content of its result, or undefined where the model has no result. `ends` is the status in
 * which a fault rule wants the record to end, and stay.
 */
export type Action = (rds: Rds, parameters: Parameters, ends?: string) => Xml;

/** One page of a list. The marker is opaque to clients: here, the place in the list. */
export function page<T>(
  rds: Rds,
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
  const end = Number(start) + Math.min(wanted, rds.setting.pageSize);
  const records = all.slice(Number(start), end);
  return end < all.length ? { records, marker: `page-${end}` } : { records };
}

/** Keeps what every filter lets through; a filter that the action does not know is an error. */
export function filtered<T>(
  parameters: Parameters,
  all: readonly T[],
  known: Readonly<Record<string, (record: T) => string>>,
): readonly T[] {
  let left = all;
  for (const [name, values] of parameters.filters()) {
    const value = known[name];
    if (!value) throw new ApiError("InvalidParameterValue", `Unrecognized filter name: ${name}`);
    left = left.filter((record) => values.includes(value(record)));
  }
  return left;
}

/** Tags as a list in an answer. */
export function tagList(tags: readonly { readonly key: string; readonly value: string }[]): List {
  return new List("Tag", tags.map(({ key, value }) => ({ Key: key, Value: value })));
}
