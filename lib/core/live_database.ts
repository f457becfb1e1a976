/** A database by URL, which `review` and `plan` look at, and `scrub` changes. @module */

import type { EngineName } from "./engine_name.ts";
import type { Reviewed } from "./reviewed.ts";
import type { ReadRuleFile } from "./rule_file.ts";

/** Where and as whom to log in for questions. Plain data: it crosses to a worker. */
export interface LiveDatabase {
  readonly engine: EngineName;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly tls: "verified" | "unverified" | "preferred" | "off";
}

/** Which database is looked at, and as what. */
export interface LiveRequest {
  readonly target: LiveDatabase;
  /** CA certificates in PEM. */
  readonly ca: string;
  /** The scrubber's name; absent: that of the database. */
  readonly scrubber?: string;
  readonly onDrift: "refuse" | "blank";
  /** Rules from files; absent: none. */
  readonly ruleFiles?: readonly ReadRuleFile[];
  /** Why a file with passwords was not used, for the message where there is none. */
  readonly passwordNotes: readonly string[];
  /** More reviews: by scrubber's name, or of the one scrubber. */
  readonly reviewed: Readonly<Record<string, readonly Reviewed[]>> | readonly Reviewed[];
}

/** A database by URL that is to be scrubbed where it is. */
export interface LiveScrub {
  readonly request: LiveRequest;
  /** Whether its server may be a managed one of a cloud: a workspace of ours, or a host that the operator named. */
  readonly allowManaged: boolean;
}

/** How messages and reports call it: no secret, and no user. */
export function liveName(
  { host, port, database }: { readonly host: string; readonly port: number; readonly database: string },
): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}/${database}`;
}

/** Where the password of a database by URL is looked for, for messages. */
export const passwordPlaces: Readonly<Record<EngineName, string>> = {
  postgresql: "PGPASSWORD, ~/.pgpass or a service of PGSERVICE",
  mysql: "MYSQL_PWD or the client group of ~/.my.cnf",
};
