/** Traces and metrics: what a collector gets of a run, and when it is sent any. @module */

import { assertEquals, assertMatch } from "@std/assert";
import { sendTelemetry } from "../../lib/notify/telemetry.ts";
import { telemetrySignals } from "../../lib/notify/telemetry_signals.ts";
import type { RunReport } from "../../lib/core/report.ts";
import { exampleReport } from "../report/example_report.ts";

const everything = { traces: true, metrics: true };

/** A collector that answers with this status, while the work goes on; gives what it was sent, by path. */
async function collected(work: () => Promise<unknown>, status = 200): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const bodies = new Map<string, unknown[]>();
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const body: unknown = await request.json();
    bodies.set(pathname, [...bodies.get(pathname) ?? [], body]);
    return Response.json({}, { status });
  });
  const variables = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${server.addr.port}`,
    OTEL_EXPORTER_OTLP_TIMEOUT: "30000",
    OTEL_SERVICE_NAME: "nightly",
  };
  for (const [name, value] of Object.entries(variables)) Deno.env.set(name, value);
  try {
    await work();
  } finally {
    for (const name of Object.keys(variables)) Deno.env.delete(name);
  }
  return bodies;
}

interface Span {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code?: number; readonly message?: string };
}

/** Every span in what a collector got. */
function spansIn(bodies: ReadonlyMap<string, readonly unknown[]>): readonly Span[] {
  const all = JSON.parse(JSON.stringify(bodies.get("/v1/traces") ?? []));
  return all.flatMap((
    { resourceSpans }: { resourceSpans: readonly { scopeSpans: readonly { spans: readonly Span[] }[] }[] },
  ) => resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)));
}

/** The names of a span's ancestors, its own last. */
function pathOf(span: Span, all: readonly Span[]): string {
  const parent = all.find(({ spanId }) => spanId === span.parentSpanId);
  return parent ? `${pathOf(parent, all)} > ${span.name}` : span.name;
}

const bodies = await collected(async () => assertEquals(await sendTelemetry(exampleReport, everything), undefined));
const spans = spansIn(bodies);

Deno.test("a run is a span, and within it every source, phase and table", () => {
  const [first] = exampleReport.sources;
  const tables = (first?.databases ?? []).flatMap(({ database, tables }) =>
    tables.filter(({ started }) => started !== undefined).map(({ table }) => `${database}.${table}`)
  );
  const wanted = [
    "datascrubber run",
    ...exampleReport.sources.flatMap(({ requested, phases }) =>
      phases.length === 0 ? [] : [
        `datascrubber run > source ${requested}`,
        ...phases.map(({ phase }) => `datascrubber run > source ${requested} > ${phase}`),
      ]
    ),
    ...tables.map((table) => `datascrubber run > source ${first?.requested} > scrub > table ${table}`),
  ];
  assertEquals(tables.length > 0, true);
  assertEquals(spans.map((span) => pathOf(span, spans)).toSorted(), wanted.toSorted());
});

Deno.test("a span has the times of the report", () => {
  const [phase] = exampleReport.sources[0]?.phases ?? [];
  const span = spans.find((span) =>
    pathOf(span, spans).endsWith(`${exampleReport.sources[0]?.requested} > ${phase?.phase}`)
  );
  assertEquals(span?.startTimeUnixNano, `${phase?.started}000000`);
  assertEquals(span?.endTimeUnixNano, `${phase?.ended}000000`);
});

Deno.test("a failed source is a span with an error, and so is the run", () => {
  const failed = exampleReport.sources.filter(({ failure }) => failure !== undefined).map(({ requested }) =>
    `source ${requested}`
  );
  const errors = spans.filter(({ status }) => status.code === 2).map(({ name }) => name);
  assertEquals(errors.toSorted(), ["datascrubber run", ...failed].toSorted());
});

Deno.test("the metrics are those of the metrics file, of the service that the environment names", () => {
  const text = JSON.stringify(bodies.get("/v1/metrics"));
  for (const name of ["datascrubber_last_run_success", "datascrubber_phase_duration_seconds", "datascrubber_rows"]) {
    assertMatch(text, new RegExp(`"name":"${name}"`));
  }
  assertMatch(text, /"service.name","value":\{"stringValue":"nightly"\}/);
});

Deno.test("a report of thousands of tables is sent in parts", async () => {
  const [source] = exampleReport.sources;
  const [database] = source?.databases ?? [];
  const [table] = database?.tables ?? [];
  if (!source || !database || !table) throw new TypeError("Cannot test: the example has no table");
  const tables = Array.from({ length: 1200 }, (_, at) => ({ ...table, table: `t${at}` }));
  const report: RunReport = { ...exampleReport, sources: [{ ...source, databases: [{ ...database, tables }] }] };
  const got = await collected(async () =>
    assertEquals(await sendTelemetry(report, { traces: true, metrics: false }), undefined)
  );
  assertEquals(spansIn(got).filter(({ name }) => name.startsWith("table ")).length, 1200);
  assertEquals([(got.get("/v1/traces")?.length ?? 0) > 1, got.has("/v1/metrics")], [true, false]);
});

Deno.test("a collector that refuses is told, without its address", async () => {
  let reason: string | undefined;
  await collected(async () => reason = await sendTelemetry(exampleReport, everything), 400);
  assertEquals(reason, "the collector did not take them (400)");
});

for (const [what, port] of [["is not there", 1], ["never answers", undefined]] as const) {
  Deno.test(`a collector that ${what} is told in time, without its address`, async () => {
    using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    Deno.env.set("OTEL_EXPORTER_OTLP_ENDPOINT", `http://127.0.0.1:${port ?? silent.addr.port}/secret-path`);
    Deno.env.set("OTEL_EXPORTER_OTLP_TIMEOUT", "300");
    const reason = await sendTelemetry(exampleReport, everything);
    for (const name of ["ENDPOINT", "TIMEOUT"]) Deno.env.delete(`OTEL_EXPORTER_OTLP_${name}`);
    assertMatch(reason ?? "", /^the collector did not take them \([A-Za-z0-9_ ]+\)$/);
  });
}

for (
  const [what, environment, traces, metrics] of [
    ["nothing is set", {}, false, false],
    ["there is an endpoint", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://c:4318" }, true, true],
    ["there is one for traces", { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://c:4318/v1/traces" }, true, false],
    ["the SDK is disabled", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://c:4318", OTEL_SDK_DISABLED: "TRUE" }, false, false],
    [
      "metrics go nowhere",
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://c:4318", OTEL_METRICS_EXPORTER: "none" },
      true,
      false,
    ],
    [
      "the protocol is gRPC",
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://c:4317", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" },
      false,
      false,
    ],
    ["variables are empty", { OTEL_EXPORTER_OTLP_ENDPOINT: "", OTEL_TRACES_EXPORTER: "" }, false, false],
  ] as const
) {
  Deno.test(`where ${what}, ${traces || metrics ? "" : "no "}telemetry is sent`, () => {
    assertEquals(telemetrySignals(environment), { traces, metrics });
  });
}
