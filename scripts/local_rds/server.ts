/** A running database server of any engine, and what all need to start. @module */
import { ScrubError } from "../../lib/core/errors.ts";
import { type Authority, makeAuthority } from "./certificate.ts";
import { freePort } from "./process.ts";

/** The engines as RDS names them. */
export type EngineName = "postgres" | "mysql" | "mariadb";

/** Those that Aurora has. */
export type AuroraEngine = Exclude<EngineName, "mariadb">;

/** How to end a server: `clean` shuts it down as before a snapshot, `now` kills it. */
export type StopMode = "clean" | "now";

/** A row, as the driver gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** A running server. It accepts only TLS by TCP; its superuser logs in by a socket without password. */
export interface Server extends AsyncDisposable {
  readonly engine: EngineName;
  /** The name that the certificate is for. */
  readonly host: "localhost";
  readonly port: number;
  /** Authority to trust, as PEM and as a file. */
  readonly ca: string;
  readonly caFile: string;
  /** Name of the superuser, and where its socket is: a folder for PostgreSQL, a file for the others. */
  readonly superuser: { readonly user: "rdsadmin"; readonly socket: string };
  readonly dataDir: string;
  readonly pid: number;
  /** The server's log; it may hold data. */
  readonly logFile: string;
  /** Runs one or several statements as superuser over a connection of their own; gives the rows of the last one that returned some. */
  run(statements: string, database?: string): Promise<readonly Row[]>;
  /** Ends the server, and removes a data directory of its own. May be called twice. */
  stop(mode: StopMode): Promise<void>;
}

/** How to start a server. */
export interface ServerOptions {
  /** The data directory, which is made if it does not exist, and kept. Absent: a temporary one. */
  readonly dataDir?: string;
  /** Absent: a free one. */
  readonly port?: number;
  /** Signs the server's certificate. Absent: this thread's authority. */
  readonly authority?: Authority;
  /** Names in the certificate: `localhost`, unless a test wants a wrong one. */
  readonly names?: readonly string[];
  /** More settings of the server, by name. */
  readonly settings?: Readonly<Record<string, string>>;
}

let authority: Promise<Authority> | undefined;

/** This thread's authority. */
export function localAuthority(): Promise<Authority> {
  return authority ??= makeAuthority();
}

/** Starts at the given port, or at a free one; if another process takes that first, at another. */
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
