/** IAM as far as this program's policies use it: statements that allow or deny, names with wildcards, conditions. @module */

/** A policy document. */
export interface Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/** One statement of a policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  /** Operator, then key, then values. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** A permission that a call needs. */
export interface Permission {
  /** Such as `rds:ModifyDBInstance`. */
  readonly action: string;
  /** An ARN; `*` for actions without resources. */
  readonly resource: string;
  /** Values of condition keys. */
  readonly context: Readonly<Record<string, readonly string[]>>;
}

/** Whether a set of policies grants a permission: one statement allows it, and none denies it. */
export function isGranted(policies: readonly Policy[], permission: Permission): boolean {
  const fitting = policies.flatMap((policy) => policy.Statement).filter((statement) => fits(statement, permission));
  return fitting.some(({ Effect }) => Effect === "Allow") && !fitting.some(({ Effect }) => Effect === "Deny");
}

function fits(statement: Statement, { action, resource, context }: Permission): boolean {
  return statement.Action.some((pattern) => isLike(action.toLowerCase(), pattern.toLowerCase())) &&
    statement.Resource.some((pattern) => isLike(resource, pattern)) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, context[key] ?? [], wanted))
    );
}

/** IAM User Guide "IAM JSON policy elements: Condition operators". */
function holds(operator: string, values: readonly string[], wanted: readonly string[]): boolean {
  switch (operator) {
    case "StringEquals":
    case "Bool":
      return values.some((value) => wanted.includes(value));
    case "StringLike":
      return values.some((value) => wanted.some((pattern) => isLike(value, pattern)));
    // "true": the key is absent.
    case "Null":
      return wanted.includes(String(values.length === 0));
    case "ForAllValues:StringLike":
      return values.every((value) => wanted.some((pattern) => isLike(value, pattern)));
    default:
      throw new TypeError(`Cannot evaluate a policy: no such operator here: ${operator}`);
  }
}

function isLike(text: string, pattern: string): boolean {
  const parts = pattern.split(/([*?])/).map((part) => part === "*" ? ".*" : part === "?" ? "." : RegExp.escape(part));
  return new RegExp(`^${parts.join("")}$`, "s").test(text);
}
