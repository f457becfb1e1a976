/** Everything that a database's definitions say, to compare before and after. @module */
import { assert } from "@std/assert";
import type { TestServer } from "../../servers.ts";
import { database } from "../fixture.ts";

/** The schema as pg_dump writes it, and what it leaves out. */
export async function dump(server: TestServer, of: string = database): Promise<string> {
  const program = new URL("../../../.tools/postgresql-client/pg_dump", import.meta.url).pathname;
  const { socket, user } = server.superuser;
  const { stdout, success, stderr } = await new Deno.Command(program, {
    args: ["--schema-only", "-h", socket, "-p", String(server.port), "-U", user, of],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  const text = new TextDecoder().decode(stdout).split("\n").filter((line) => !/^\\(un)?restrict /.test(line));
  const more = await server.run(
    `SELECT (SELECT json_agg(s ORDER BY s.sequencename) FROM pg_sequences s)::text AS sequences,
      (SELECT json_agg(json_build_array(c.relname, c.relpersistence, c.relkind, c.relowner, c.reltablespace) ORDER BY c.relname COLLATE "C")
        FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace)::text AS relations,
      (SELECT json_agg(json_build_array(i.indexrelid::regclass, i.indisvalid, i.indisready, i.indisclustered, i.indisreplident, i.indimmediate)
        ORDER BY i.indexrelid::regclass::text) FROM pg_index i WHERE i.indrelid::regclass::text !~ '^pg_')::text AS indexes,
      (SELECT json_agg(json_build_array(a.attrelid::regclass, a.attname, a.attstorage, to_jsonb(a) -> 'attcompression', a.attacl::text,
          a.attoptions, a.attcollation::regcollation, a.attstattarget) ORDER BY a.attrelid::regclass::text, a.attname)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped)::text AS columns`,
    of,
  );
  return [...text, ...Object.values(more[0] ?? {}).map(String)].join("\n").replaceAll("}, {", "},\n{").replaceAll(
    "], [",
    "],\n[",
  );
}

/** Lines that one of two texts has alone. */
export function changed(
  before: string,
  after: string,
): { readonly gone: readonly string[]; readonly come: readonly string[] } {
  const [old, now] = [before.split("\n"), after.split("\n")];
  return { gone: old.filter((line) => !now.includes(line)), come: now.filter((line) => !old.includes(line)) };
}
