/** Paths in JSON documents, as rules write them: `$.user.email`, `$.ips[*]`, `$."a key"[*].name`. @module */

/** A key of an object; without one, every element of an array. */
export interface Step {
  readonly key?: string;
}

const step = /^(?:\.([^\s.[\]"$*]+)|\.("(?:[^"\\]|\\.)*")|(\[\*\]))/;

/** The steps of a path, or what is wrong with it, as the end of a sentence. */
export function parsePath(path: string): readonly Step[] | string {
  if (!path.startsWith("$")) return "does not begin with $";
  const steps: Step[] = [];
  for (let rest = path.slice(1); rest !== "";) {
    const [all = "", plain, quoted, every] = step.exec(rest) ?? [];
    if (all === "") return 'is of other parts than .key, ."a key" and [*]';
    const key = plain ?? (quoted === undefined ? undefined : unquoted(quoted));
    if (key === undefined && every === undefined) return "has a key with quotes that is no JSON string";
    steps.push(key === undefined ? {} : { key });
    rest = rest.slice(all.length);
  }
  return steps.length === 0 ? "is the whole document: use a strategy for the column" : steps;
}

function unquoted(text: string): string | undefined {
  try {
    return String(JSON.parse(text));
  } catch {
    return undefined;
  }
}
