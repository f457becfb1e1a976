/** A PostgreSQL like RDS's with one application's database, and sessions on it as the master user. @module */
import type { Engine, Session, Target } from "../../lib/engine/engine.ts";
import { joinOwners } from "../../lib/postgresql/session/owner_roles.ts";
import { postgresql as engine } from "../../lib/postgresql/mod.ts";
import { open } from "../../lib/postgresql/session/session.ts";
import { postgresql, type TestServer } from "../servers.ts";

/** The database of the tests, and the role that owns it. */
export const database = "app_production";

/** A key for tests. */
export const key = Uint8Array.from({ length: 32 }, (_, at) => at * 7);

/** Starts the server and makes the database; `objects` is SQL that the application's role runs in it. */
export async function applicationServer(objects = "SELECT 1"): Promise<TestServer> {
  const server = await postgresql({ applications: ["app"] });
  try {
    await server.run(`CREATE DATABASE "${database}" OWNER "app"`);
    await asApplication(server, objects);
  } catch (error) {
    await server.stop("now");
    throw error;
  }
  return server;
}

/** Runs SQL as the application's role. */
export async function asApplication(server: TestServer, statements: string): Promise<readonly unknown[]> {
  return await server.run(`SET ROLE "app"; ${statements}`, database);
}

/** Where the master user logs in. */
export function targetOf(server: TestServer): Target {
  const { host, port, ca, master } = server;
  return { host, port, ca, ...master, database };
}

/** A session as the master user, who has joined the owners. */
export async function ownerSession(server: TestServer): Promise<Session> {
  const session = await open(targetOf(server), key, new AbortController().signal);
  await joinOwners(session);
  return session;
}

/** The engine, to which every table is a large one: it plans copies that replace them. */
export const largeTables: Engine = {
  ...engine,
  schema: async (session, part) => {
    const schema = await engine.schema(session, part);
    return { ...schema, tables: schema.tables.map((table) => ({ ...table, bytes: 2 ** 30 })) };
  },
};
