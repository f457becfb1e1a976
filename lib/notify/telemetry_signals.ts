/** Whether OpenTelemetry's variables ask for telemetry: only then its packages are loaded. @module */

/** Which signals are to be sent. */
export interface TelemetrySignals {
  readonly traces: boolean;
  readonly metrics: boolean;
}

/**
 * The signals that the environment asks for: those with an endpoint. OpenTelemetry Specification, "Environment Variable
 * Specification" and "OTLP Exporter Configuration"; other exporters and protocols than OTLP over HTTP are not sent to.
 */
export function telemetrySignals(environment: Readonly<Record<string, string>>): TelemetrySignals {
  const isSent = (signal: "TRACES" | "METRICS") => {
    const endpoint = environment[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`] || environment.OTEL_EXPORTER_OTLP_ENDPOINT;
    const protocol = environment[`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`] || environment.OTEL_EXPORTER_OTLP_PROTOCOL;
    const exporters = (environment[`OTEL_${signal}_EXPORTER`] || "otlp").split(",").map((name) => name.trim());
    return Boolean(endpoint) && exporters.includes("otlp") && protocol !== "grpc";
  };
  const isOff = environment.OTEL_SDK_DISABLED?.trim().toLowerCase() === "true";
  return isOff ? { traces: false, metrics: false } : { traces: isSent("TRACES"), metrics: isSent("METRICS") };
}
