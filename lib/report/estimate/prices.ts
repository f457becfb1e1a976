/** Prices of RDS: a table with its date and source, which the operator can replace. A price that it lacks is not guessed. @module */

import * as v from "valibot";
import builtIn from "./prices.json" with { type: "json" };
import type { EngineName } from "../../core/engine_name.ts";
import type { Data } from "../../core/schema.ts";

const price = v.pipe(v.number(), v.minValue(0));

/** What instances are priced by: Aurora's cost more. */
const pricedEngine = v.picklist(["mysql", "mariadb", "postgresql", "aurora-mysql", "aurora-postgresql"]);

const schema = v.strictObject({
  currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
  /** When the prices were looked up. */
  date: v.pipe(v.string(), v.isoDate()),
  source: v.pipe(v.string(), v.nonEmpty()),
  regions: v.record(
    v.string(),
    v.strictObject({
      /** An hour of a single-AZ instance on demand, by engine and class. */
      instances: v.record(pricedEngine, v.record(v.string(), price)),
      /** A GiB for a month, by storage type. */
      storage: v.record(v.string(), price),
      /** A GiB of backup storage for a month. */
      snapshots: v.optional(price),
    }),
  ),
});

/** A table of prices. */
export type PriceTable = Data<typeof schema>;

/** Whether a value is a table of prices. */
export function isPriceTable(value: unknown): value is PriceTable {
  return v.is(schema, value);
}

/** Whose instances, and where. */
export interface Priced {
  readonly region: string;
  readonly engine: EngineName;
  /** The server, where the engine is of another product's name. */
  readonly product?: "mariadb" | undefined;
  /** Whether they are a cluster's. */
  readonly aurora: boolean;
}

/** What they are priced by. */
export function pricedAs({ engine, product, aurora }: Omit<Priced, "region">): v.InferOutput<typeof pricedEngine> {
  return product ?? (aurora ? `aurora-${engine}` as const : engine);
}

/** An hour of each instance class that has a price, by class. */
export function hourlyPrices({ regions }: PriceTable, { region, ...of }: Priced): Readonly<Record<string, number>> {
  return regions[region]?.instances[pricedAs(of)] ?? {};
}

/**
 * The table that the program carries: no more than the copy of AWS's price list and the pages say that it names, because the
 * program cannot ask AWS.
 *
 * @throws {TypeError} if it is none.
 */
export function builtInPrices(): PriceTable {
  const table: unknown = builtIn;
  if (isPriceTable(table)) return table;
  throw new TypeError("Cannot read prices.json: it is no table of prices");
}
