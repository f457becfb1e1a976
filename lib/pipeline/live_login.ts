/** Logs in at a database by URL. Its errors advise on that login: an engine's own are for the master user of a workspace. @module */

import type { EngineName } from "../core/engine_name.ts";
import { type LiveRequest, passwordPlaces } from "../core/live_database.ts";
import { DatabaseError } from "../engine/database_error.ts";
import type { Engine, Session } from "../engine/engine.ts";

const noTls = "Turn TLS on there, or ask for none: sslmode=disable, and to another machine --insecure.";
const untrusted =
  "Name its CA with --tls-ca, and the host as the certificate does; or add --insecure if the network is private, such as one of containers.";
const unreachable =
  "Check the host and the port in the URL, that the server runs, and that firewalls let this machine in.";
const wrongName = "Check the database's name in the URL.";
const noRight = "Take a user who may connect to that database.";

/** What to do, by the server's or driver's code. */
const hints: Readonly<Record<string, string>> = {
  "28000":
    "Check the user, and that pg_hba.conf lets it in from here by password (over TLS, if the URL asks for that).",
  "3D000": wrongName,
  ER_BAD_DB_ERROR: wrongName,
  "42501": noRight,
  "55000": noRight,
  ER_DBACCESS_DENIED_ERROR: noRight,
  NO_TLS: noTls,
  HANDSHAKE_NO_SSL_SUPPORT: noTls,
  HANDSHAKE_SSL_ERROR: untrusted,
  CONNECT_TIMEOUT: unreachable,
  PROTOCOL_CONNECTION_LOST: "Check that a MySQL server listens on that port.",
  ECONNRESET: "Check that a database server listens on that port, without a proxy before it.",
};

/**
 * Opens a session that can change nothing.
 *
 * @throws {DatabaseError} with a hint about the URL, the user or the server.
 */
export async function logInLive(
  engine: Engine,
  { target, ca }: Pick<LiveRequest, "target" | "ca">,
  signal: AbortSignal,
): Promise<Session> {
  const { engine: name, ...login } = target;
  try {
    return await engine.openReadOnly({ ...login, ca }, signal);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const { code, serverCode, message, hint } = error;
    const missing = code === "login" && target.password === "";
    const advice = missing
      ? `No password was found: put it into ${passwordPlaces[name]}, or into the URL in DATASCRUBBER_URL.`
      : hintOn(engine, name, error) ?? hint;
    throw new DatabaseError(code, serverCode, message.replace("the master user", "the user"), advice);
  }
}

function hintOn(engine: Engine, name: EngineName, error: DatabaseError): string | undefined {
  const known = hints[error.serverCode];
  if (known !== undefined) return known;
  if (/CERT|VERIFY|ISSUER|SIGNATURE/.test(error.serverCode)) return untrusted;
  switch (engine.loginObstacle(error)) {
    case "refused":
      return `Check the user and the password: those of the URL, or the password in ${passwordPlaces[name]}.`;
    case "iam":
      return "Take a user who logs in by password.";
    case "unreachable":
      return unreachable;
    case "unknown name":
      return "Check the host's name in the URL, and this machine's resolver.";
    default:
      return undefined;
  }
}
