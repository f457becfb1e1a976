/** Numbers and moments as people read them in the report. @module */

/** `1,234`. */
export function number(value: number): string {
  return value.toLocaleString("en-GB");
}

/** `850 ms`, `12.3 s`, `4 min 5 s` or `1 h 4 min`, of seconds. */
export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours >= 48) return `${Math.floor(hours / 24)} days ${hours % 24} h`;
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${Math.floor(seconds % 60)} s`;
}

/** `24 November 2026, 22:24:39 UTC`, of ISO 8601 or milliseconds since the epoch; what is no date stays as it is. */
export function when(time: string | number): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return String(time);
  const day = date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return `${day}, ${date.toISOString().slice(11, 19)} UTC`;
}

/** `1 row`, `2 rows`; `1 address`, `2 addresses` with the plural given. */
export function counted(value: number, what: string, plural = `${what}s`): string {
  return `${number(value)} ${value === 1 ? what : plural}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}
