/**
 * Types of OpenTelemetry's OTLP exporters, as far as they are used. Those of the packages bring Node's types for the whole program,
 * which contradict Deno's.
 *
 * @module
 */

/** Sends what it is given to a collector. */
declare class OTLPExporter<T> {
  constructor();
  export(gathered: T, done: (result: { readonly code: number; readonly error?: Error }) => void): void;
  shutdown(): Promise<void>;
}

/** Sends spans. */
export class OTLPTraceExporter extends OTLPExporter<readonly unknown[]> {}

/** Sends metrics. */
export class OTLPMetricExporter extends OTLPExporter<unknown> {}
