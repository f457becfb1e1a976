/** What the console can show. @module */

/** What the environment and the stream say. */
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
 * Whether a stream goes to systemd's journal. `stream` is what `JOURNAL_STREAM` says: the device and inode of the service's
 * streams. systemd.exec(5): a program that was handed the variable may have had its streams redirected.
 */
export function isJournal(stream: string | undefined, status: { readonly dev: number; readonly ino: number }): boolean {
  return stream === `${status.dev}:${status.ino}`;
}
