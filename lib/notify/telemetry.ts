/**
 * Sends the traces and metrics of a run by OTLP over HTTP, with OpenTelemetry's own packages. Made from the report once the run has
 * ended, so that no worker loads them and nothing waits for a collector meanwhile.
 *
 * @module
 */

import { context, SpanStatusCode, trace, type Tracer } from "@opentelemetry/api";
// @ts-types="../std/otlp_exporter.d.ts"
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
// @ts-types="../std/otlp_exporter.d.ts"
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import {
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from "@opentelemetry/resources";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { inGroups } from "../core/in_groups.ts";
import type { RunReport, SourceOutcome } from "../core/report.ts";
import { metrics } from "./metrics.ts";
import type { TelemetrySignals } from "./telemetry_signals.ts";

/** Spans of one request: a run of a thousand tables is no single large body. */
const spansAtOnce = 500;

/** What the SDK's exporters call back with; 0 is success. */
interface ExportResult {
  readonly code: number;
  readonly error?: Error;
}

/**
 * Sends what is asked for; endpoint, headers, timeout and resource are read from OpenTelemetry's variables by its packages. Gives
 * the reason of a failure, without the endpoint, or undefined. Never rejects.
 */
export async function sendTelemetry(
  report: RunReport,
  { traces, metrics }: TelemetrySignals,
): Promise<string | undefined> {
  try {
    const reasons = await Promise.all([
      traces ? sendTraces(report) : undefined,
      metrics ? sendMetrics(report) : undefined,
    ]);
    return reasons.find((reason) => reason !== undefined);
  } catch (error) {
    return codeOf(error);
  }
}

async function sendTraces(report: RunReport): Promise<string | undefined> {
  const memory = new InMemorySpanExporter();
  const provider = new TracerProvider({
    resource: resourceOf(report),
    spanProcessors: [new SimpleSpanProcessor({ exporter: memory })],
  });
  traceRun(provider.getTracer("datascrubber"), report);
  await provider.forceFlush();
  const spans = memory.getFinishedSpans();
  const exporter = new OTLPTraceExporter();
  try {
    for (const some of inGroups(spans, spansAtOnce)) {
      const reason = await outcomeOf((done) => exporter.export([...some], done));
      if (reason !== undefined) return reason;
    }
    return undefined;
  } finally {
    await Promise.allSettled([exporter.shutdown(), provider.shutdown()]);
  }
}

/** A span for the run, and within it one for each source, its phases, and its tables within the phase that changed them. */
function traceRun(tracer: Tracer, report: RunReport): void {
  const root = context.active();
  const run = tracer.startSpan("datascrubber run", {
    startTime: new Date(report.started),
    attributes: { "datascrubber.run": report.runId, "process.exit.code": report.exitStatus },
  }, root);
  for (const source of report.sources) traceSource(tracer, source, trace.setSpan(root, run), report.ended);
  if (report.exitStatus !== 0) run.setStatus({ code: SpanStatusCode.ERROR });
  run.end(new Date(report.ended));
}

function traceSource(
  tracer: Tracer,
  source: SourceOutcome,
  parent: ReturnType<typeof context.active>,
  end: string,
): void {
  const { phases, databases, failure, engine, requested, snapshot } = source;
  const startTime = phases[0]?.started;
  if (startTime === undefined) return;
  const span = tracer.startSpan(`source ${requested}`, {
    startTime,
    attributes: {
      "db.system.name": engine,
      "datascrubber.source": source.source ?? requested,
      ...(snapshot !== undefined && { "datascrubber.snapshot": snapshot }),
      ...(failure && { "error.type": failure.code }),
    },
  }, parent);
  if (failure) span.setStatus({ code: SpanStatusCode.ERROR, message: failure.message });
  const within = trace.setSpan(parent, span);
  const tables = databases.flatMap(({ database, tables }) => tables.map((table) => ({ database, ...table })));
  for (const { phase, started, ended = Date.parse(end) } of phases) {
    const phaseSpan = tracer.startSpan(phase, { startTime: started, attributes: { "db.system.name": engine } }, within);
    for (const { database, table, started: startedAt, seconds, ...counts } of tables) {
      if (startedAt === undefined || startedAt < started || startedAt >= ended) continue;
      tracer.startSpan(`table ${database}.${table}`, {
        startTime: startedAt,
        attributes: {
          "db.system.name": engine,
          "db.namespace": database,
          "db.collection.name": table,
          "datascrubber.rows.changed": counts.rowsChanged,
          "datascrubber.rows.deleted": counts.rowsDeleted,
        },
      }, trace.setSpan(within, phaseSpan)).end(startedAt + seconds * 1000);
    }
    phaseSpan.end(ended);
  }
  span.end(phases.at(-1)?.ended ?? new Date(end));
}

/** The metrics of the metrics file, as gauges. */
async function sendMetrics(report: RunReport): Promise<string | undefined> {
  const memory = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const provider = new MeterProvider({
    resource: resourceOf(report),
    readers: [new PeriodicExportingMetricReader({ exporter: memory })],
  });
  const meter = provider.getMeter("datascrubber");
  const ended = Date.parse(report.ended) / 1000;
  for (const { name, help, samples } of metrics) {
    const gauge = meter.createGauge(name, { description: help });
    for (const source of report.sources) {
      for (const [labels, value] of samples(source, ended)) {
        gauge.record(value, { source: source.requested, engine: source.engine, ...labels });
      }
    }
  }
  const exporter = new OTLPMetricExporter();
  try {
    await provider.forceFlush();
    const [gathered] = memory.getMetrics();
    return gathered && await outcomeOf((done) => exporter.export(gathered, done));
  } finally {
    await Promise.allSettled([exporter.shutdown(), provider.shutdown()]);
  }
}

function resourceOf({ program }: RunReport) {
  const [name = "datascrubber", version = ""] = program.split(" ");
  return resourceFromAttributes({ "service.name": name, "service.version": version })
    .merge(detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] }));
}

/** Why an export failed, by its code or HTTP status: a message may name the endpoint. Undefined where it did not fail. */
function outcomeOf(begin: (done: (result: ExportResult) => void) => void): Promise<string | undefined> {
  return new Promise((resolve) =>
    begin(({ code, error }) => resolve(code === 0 ? undefined : `the collector did not take them (${codeOf(error)})`))
  );
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof code === "string" || typeof code === "number") return String(code);
  return error instanceof Error ? error.name : "unknown error";
}
