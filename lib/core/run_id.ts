/** How a run is told from all others: a UUID, whoever made it. @module */

/**
 * The id as reports and tags have it, of one that may be spelt without hyphens, as systemd and its journal spell theirs;
 * undefined where it is none.
 */
export function asRunId(text: string): string | undefined {
  const parts = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/.exec(text.toLowerCase());
  return parts?.slice(1).join("-");
}
