/** Reads a database's definitions as its server knows them, to see whether a copy lost something. @module */

import type { TestServer } from "../../servers.ts";

/**
 * All that is known of the definitions in database `app`. `facts`: queries of the catalogue, by what they tell; `before`: statements
 * before each SHOW CREATE TABLE.
 */
export async function readDefinitions(
  server: TestServer,
  facts: Readonly<Record<string, string>>,
  before = "",
): Promise<Readonly<Record<string, unknown>>> {
  const found: Record<string, unknown> = {};
  const tables = await server.run(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'app'",
  );
  for (const { name } of tables) {
    found[`table ${name}`] = await server.run(`${before}SHOW CREATE TABLE app.\`${name}\``);
  }
  const triggers = await server.run(
    "SELECT trigger_name AS name FROM information_schema.triggers WHERE trigger_schema = 'app'",
  );
  for (const { name } of triggers) {
    const [row] = await server.run(`SHOW CREATE TRIGGER app.\`${String(name).replaceAll("`", "``")}\``);
    found[`trigger ${name}`] = { ...row, Created: undefined };
  }
  for (const [what, query] of Object.entries(facts)) found[what] = await server.run(query);
  return found;
}
