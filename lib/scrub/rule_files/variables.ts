/** `${NAME}` in the values of a rule file: variables of the environment. @module */

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A value with its variables filled in, or what is wrong with one. `filled`: whether there were any. */
export type Filled = { readonly text: string; readonly filled: boolean } | { readonly problem: string };

/** `$${` stands for `${`. */
const mark = /\$\$\{|\$\{([^}]*)\}?/g;

/** Plans and reports show what rules are given, so it can't be a secret. */
const secret = /SECRET|PASSW|PWD|TOKEN|CREDENTIAL|PRIVATE|API_?KEY|ACCESS_?KEY/i;

/** Fills variables in. What a variable holds is text: nothing in it is read as YAML, and no variable in it is filled in. */
export function fillVariables(text: string, environment: Environment): Filled {
  if (!text.includes("${")) return { text, filled: false };
  let problem: string | undefined;
  let filled = false;
  const result = text.replace(mark, (found, name: string | undefined) => {
    if (name === undefined) return "${";
    filled = true;
    problem ??= problemOf(found, name, environment);
    return environment[name] ?? "";
  });
  return problem === undefined ? { text: result, filled } : { problem };
}

function problemOf(found: string, name: string, environment: Environment): string | undefined {
  if (!found.endsWith("}")) return 'the bracket of "${" is not closed; write $${ for the two characters themselves';
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return "a variable is written ${NAME}, of letters, digits and _; write $${ for the two characters themselves";
  }
  if (secret.test(name)) {
    return `the variable ${name} is called like a secret, and plans and reports show what rules are given`;
  }
  if (!Object.hasOwn(environment, name) || environment[name] === undefined) {
    return `the environment has no variable ${name}`;
  }
  return undefined;
}

/** Text for a file, in which no variable is filled in. */
export function escapeVariables(text: string): string {
  return text.replaceAll("${", () => "$${");
}
