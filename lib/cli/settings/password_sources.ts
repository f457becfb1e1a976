/**
 * The password of a database by URL, from where the engine's own clients take it: environment, password file, service, option
 * file. In the order of those clients, and for the server that a file names only.
 *
 * @module
 */

import type { EngineName } from "../../core/engine_name.ts";
import { decodeText, type Files, readTextOf } from "../parse/files.ts";
import type { Environment } from "../parse/parsed_options.ts";
import { quoted, usageError } from "../parse/usage_error.ts";
import { clientGroupIn, type Login, type OptionGroup, passwordInPgpass, serviceIn } from "./password_files.ts";

/** What was found. */
export interface FoundPassword {
  /** Empty: none. */
  readonly password: string;
  /** Why a file that is there was not used, as sentences without a full stop. */
  readonly notes: readonly string[];
}

/**
 * Looks for the password of a login.
 *
 * @throws {ScrubError} `usage` where PGSERVICE names what is not there.
 */
export async function findPassword(
  engine: EngineName,
  login: Login,
  environment: Environment,
  files: Files,
): Promise<FoundPassword> {
  return engine === "postgresql"
    ? await forPostgresql(login, environment, files)
    : await forMysql(login, environment, files);
}

/** libpq's order: a service goes before the environment, and that before the password file. */
async function forPostgresql(login: Login, environment: Environment, files: Files): Promise<FoundPassword> {
  const service = await serviceOf(environment, files);
  const mismatch = service &&
    differenceOf(service, login, { host: "host", port: "port", database: "dbname", user: "user" });
  const ofService = service?.get("password") ?? "";
  if (ofService !== "" && mismatch === undefined) return { password: ofService, notes: [] };
  const notes = ofService === "" || mismatch === undefined
    ? []
    : [`service ${quoted(environment["PGSERVICE"] ?? "")} is for another ${mismatch}`];
  const { PGPASSWORD = "", PGPASSFILE } = environment;
  if (PGPASSWORD !== "") return { password: PGPASSWORD, notes };
  const path = PGPASSFILE || inHome(environment, ".pgpass");
  const file = await privateText(path, files, 0o077, "others may read or change it: chmod 600 it");
  return {
    password: passwordInPgpass(file.text, login) ?? "",
    notes: [...notes, ...file.notes],
  };
}

async function serviceOf(environment: Environment, files: Files): Promise<OptionGroup | undefined> {
  const name = environment["PGSERVICE"] ?? "";
  if (name === "") return undefined;
  const own = environment["PGSERVICEFILE"] || inHome(environment, ".pg_service.conf");
  const folder = environment["PGSYSCONFDIR"];
  const paths = [own, folder === undefined ? undefined : `${folder}/pg_service.conf`].filter((path) =>
    path !== undefined
  );
  for (const path of paths) {
    if (!await exists(path, files)) continue;
    const found = serviceIn(await readTextOf("PGSERVICE's file", path, files), name);
    if (found) return found;
  }
  throw usageError(
    `Cannot use PGSERVICE: there is no service ${quoted(name)} in ${paths.map(quoted).join(" or ")}`,
    "Name a service of that file, another file in PGSERVICEFILE, or unset PGSERVICE.",
  );
}

/** MySQL's order: option files go before the environment. */
async function forMysql(login: Login, environment: Environment, files: Files): Promise<FoundPassword> {
  const path = inHome(environment, ".my.cnf");
  const file = await privateText(path, files, 0o002, "everybody may change it: chmod 600 it");
  const client = clientGroupIn(file.text);
  const mismatch = client && differenceOf(client, login, { host: "host", port: "port", user: "user" });
  const ofFile = client?.get("password") ?? "";
  if (ofFile !== "" && mismatch === undefined) return { password: ofFile, notes: [] };
  return {
    password: environment["MYSQL_PWD"] ?? "",
    notes: [
      ...file.notes,
      ...(ofFile !== "" && mismatch !== undefined
        ? [`the client group of ${quoted(path ?? "")} is for another ${mismatch}`]
        : []),
    ],
  };
}

/** In what a group names another server than the login's: its password must not be sent there. */
function differenceOf(
  group: OptionGroup,
  login: Login,
  names: Readonly<Partial<Record<keyof Login, string>>>,
): string | undefined {
  return Object.entries(names).find(([member, name]) => {
    const named = group.get(name);
    return named !== undefined && named !== "" && named !== String(login[member as keyof Login]);
  })?.[0];
}

/** A file's text, `""` where it is not there, or not used, with the reason. `open`: permission bits that it must not have. */
async function privateText(
  path: string | undefined,
  files: Files,
  open: number,
  why: string,
): Promise<{ readonly text: string; readonly notes: readonly string[] }> {
  if (path === undefined || !await exists(path, files)) return { text: "", notes: [] };
  if ((await files.mode(path) & open) !== 0) return { text: "", notes: [`${quoted(path)} is not used: ${why}`] };
  const text = await files.read(path).then(decodeText, () => undefined);
  return text === undefined
    ? { text: "", notes: [`${quoted(path)} is not used: it can't be read as text`] }
    : { text, notes: [] };
}

async function exists(path: string, files: Files): Promise<boolean> {
  return await files.mode(path).then(() => true, () => false);
}

function inHome({ HOME }: Environment, name: string): string | undefined {
  return HOME ? `${HOME}/${name}` : undefined;
}
