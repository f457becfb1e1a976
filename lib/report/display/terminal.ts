/** What the console can show. @module */

/** Features of a console, by its environment and stream. */
export interface TerminalFeatures {
  /** Lines may be redrawn in place. */
  readonly live: boolean;
  /** Colours are welcome. https://no-color.org */
  readonly colour: boolean;
}

/** The features of a console. */
export function terminalFeatures(
  environment: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): TerminalFeatures {
  const live = isTerminal && environment.TERM !== "dumb";
  return { live, colour: live && (environment.NO_COLOR ?? "") === "" };
}

/**
 * Whether a stream goes to systemd's journal. `stream` is the value of `JOURNAL_STREAM`, the device and inode of the service's
 * streams. The variable alone proves nothing: streams may have been redirected since, see systemd.exec(5).
 */
export function isJournal(stream: string | undefined, status: { readonly dev: number; readonly ino: number }): boolean {
  return stream === `${status.dev}:${status.ino}`;
}
