/** What a running database server offers, whichever its engine; and what is common in starting one. @module */
import { ScrubError } from "../../lib/core/errors.ts";
import { type Authority, makeAuthority } from "./certificate.ts";
import { freePort } from "./process.ts";

/** The engines as RDS names them. */
export type EngineName = "postgres" | "mysql";

/** How to end a server: `clean` leaves data directories fit for a snapshot, `now` does not wait for anything. */
export type StopMode = "clean" | "now";

/** A row as the driver gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** A running server. It accepts TLS alone, by name and from loopback; its superuser comes in by a socket, without password. */
export interface Server extends AsyncDisposable {
  readonly engine: EngineName;
  /** The name that the certificate is for. */
  readonly host: "localhost";
  readonly port: number;
  /** Authority to trust, as PEM and as a file. */
  readonly ca: string;
  readonly caFile: string;
  /** Name of the superuser, and where its socket is: a folder for PostgreSQL, a file for MySQL. */
  readonly superuser: { readonly user: "rdsadmin"; readonly socket: string };
  readonly dataDir: string;
  readonly pid: number;
  /** The server's log: it may hold data, so it is for looking at only. */
  readonly logFile: string;
  /** Runs one or several statements as superuser over a connection of their own; gives the rows of the last one that has any. */
  run(statements: string, database?: string): Promise<readonly Row[]>;
  /** Ends the server; a data directory of its own goes too. Once is enough, twice does no harm. */
  stop(mode: StopMode): Promise<void>;
}

/** How to start a server. All may be left out. */
export interface ServerOptions {
  /** Where the data are, or will be: made if it is not there, changed in place, and kept. Else a directory of this server's own. */
  readonly dataDir?: string;
  /** A free one if not given. */
  readonly port?: number;
  /** Who signs the server's certificate; else an authority of this thread's own. */
  readonly authority?: Authority;
  /** Names in the certificate: `localhost`, unless a test wants a wrong one. */
  readonly names?: readonly string[];
  /** More settings of the server, by name. */
  readonly settings?: Readonly<Record<string, string>>;
}

let authority: Promise<Authority> | undefined;

/** The authority that signs where none is given: one for each thread. */
export function localAuthority(): Promise<Authority> {
  return authority ??= makeAuthority();
}

/** Starts at a port of one's choice, or at a free one; when somebody was quicker to take that, at another. */
export async function atFreePort<T>(port: number | undefined, start: (port: number) => Promise<T>): Promise<T> {
  for (let tries = 1;; tries++) {
    try {
      return await start(port ?? freePort());
    } catch (error) {
      const taken = error instanceof ScrubError && /Address already in use/.test(error.message);
      if (!taken || port !== undefined || tries === 5) throw error;
    }
  }
}
