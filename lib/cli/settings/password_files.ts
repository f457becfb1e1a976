/** The files in which PostgreSQL's and MySQL's own clients find a password: their formats. Pure. @module */

/** To which server a password belongs. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/**
 * The password of the first line of a `.pgpass` that fits; undefined where none does.
 * https://www.postgresql.org/docs/current/libpq-pgpass.html
 */
export function passwordInPgpass(text: string, { host, port, database, user }: Login): string | undefined {
  const wanted = [host, String(port), database, user];
  for (const line of text.split(/\r?\n/)) {
    if (line === "" || line.startsWith("#")) continue;
    const fields = fieldsOf(line);
    const fits = fields.length >= 5 && wanted.every((one, at) => fields[at] === "*" || fields[at] === one);
    if (fits) return fields.slice(4).join(":");
  }
  return undefined;
}

/** Fields between colons, where `\:` and `\\` stand for the characters themselves. */
function fieldsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|:)((?:\\.|[^:\\]|\\$)*)/g)].map(([, field = ""]) => field.replace(/\\(.)/g, "$1"));
}

/** One group of an option file: its values by name, `""` for a name without a value. */
export type OptionGroup = ReadonlyMap<string, string>;

/**
 * A service of a connection service file; undefined where the file has none of this name.
 * https://www.postgresql.org/docs/current/libpq-pgservice.html
 */
export function serviceIn(text: string, name: string): OptionGroup | undefined {
  return groupsOf(text, (value) => value).get(name);
}

/** MySQL's `[client]` group; undefined where the file has none. https://dev.mysql.com/doc/refman/8.4/en/option-files.html */
export function clientGroupIn(text: string): OptionGroup | undefined {
  return groupsOf(text, unquoted).get("client");
}

function groupsOf(text: string, valueOf: (text: string) => string): ReadonlyMap<string, OptionGroup> {
  const groups = new Map<string, Map<string, string>>();
  let current: Map<string, string> | undefined;
  for (const line of text.split(/\r?\n/).map((line) => line.trim())) {
    if (line === "" || /^[#;!]/.test(line)) continue;
    const [, group] = /^\[(.*)\]/.exec(line) ?? [];
    if (group !== undefined) {
      // A group may stand there twice: MySQL takes both together.
      current = groups.get(group.trim()) ?? new Map<string, string>();
      groups.set(group.trim(), current);
      continue;
    }
    const equals = line.indexOf("=");
    const name = (equals < 0 ? line : line.slice(0, equals)).trim().toLowerCase();
    current?.set(name, equals < 0 ? "" : valueOf(line.slice(equals + 1).trim()));
  }
  return groups;
}

const escapes: Readonly<Record<string, string>> = { b: "\b", t: "\t", n: "\n", r: "\r", s: " ", "\\": "\\" };

/** A value without its quotes, or without the comment behind it, and its escapes resolved. */
function unquoted(value: string): string {
  const [, quoted] = /^(["'])(.*)\1/s.exec(value)?.slice(1) ?? [];
  const inner = quoted ?? value.replace(/\s+#.*$/, "");
  return inner.replace(/\\([btnrs\\])/g, (_, letter: string) => escapes[letter] ?? letter);
}
