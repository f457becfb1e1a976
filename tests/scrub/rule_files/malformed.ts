/** Rule files that can't be used: each with where it says so, and what. @module */

/** A file; `H` at its start stands for two lines with a database and an engine. */
export interface MalformedFile {
  readonly text: string;
  /** `line:column: sentence`, all of them; a sentence may be cut. */
  readonly problems: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Lines 1 and 2. */
export const headLines = "database: orders\nengine: postgresql\n";

/** Lines 1 to 4, with a selection that conditions can use. */
export const selectionLines = `${headLines}selections:\n  old: { of: t, where: id < 3 }\n`;

function one(text: string, ...problems: readonly string[]): MalformedFile {
  return { text, problems };
}

/** What stands in a file's third line. */
function third(line: string, ...problems: readonly string[]): MalformedFile {
  return one(`${headLines}${line}\n`, ...problems);
}

/** The rule of the table t, in line 6 and behind two spaces. */
function table(rule: string, ...problems: readonly string[]): MalformedFile {
  return one(`${selectionLines}tables:\n  t: ${rule}\n`, ...problems);
}

/** The rule of the column a, in line 7 behind four spaces. */
function column(rule: string, ...problems: readonly string[]): MalformedFile {
  return one(`${selectionLines}tables:\n  t:\n    a: ${rule}\n`, ...problems);
}

/** A condition between double quotes, in line 4; it begins in column 23. */
function condition(where: string, ...problems: readonly string[]): MalformedFile {
  return one(`${headLines}selections:\n  old: { of: t, where: "${where}" }\n`, ...problems);
}

/** The same on MySQL. */
function mysqlCondition(where: string, ...problems: readonly string[]): MalformedFile {
  return one(`database: orders\nengine: mysql\nselections:\n  old: { of: t, where: "${where}" }\n`, ...problems);
}

/** A reference from t.a to u.b, in line 6, below rules for both. */
function repeating(rule: string, own: string, ...problems: readonly string[]): MalformedFile {
  return one(
    `${headLines}tables:\n  u: { b: ${rule} }\n  t:\n    references: [{ columns: [a], to: u, toColumns: [b] }]\n    columns: { ${own} }\n`,
    ...problems,
  );
}

/** Rules for keys by which a reference would lead nowhere. */
const keys: readonly MalformedFile[] = [
  repeating("lorem", "", '6:18: "t.a" repeats "u.b", whose rule (lorem) does not make equal values of equal ones'),
  repeating("shuffle", "", '6:18: "t.a" repeats "u.b", whose rule (shuffle) does not make equal values of equal ones'),
  repeating(
    "{ shiftDate: { days: 9 } }",
    "",
    '6:18: "t.a" repeats "u.b", whose rule (shiftDate {"days":9}) does not make equal values of equal ones',
  ),
  repeating(
    "email",
    "a: opaque",
    '6:18: "t.a" repeats "u.b", whose rule (email) differs from its own (opaque): leave this out, and it follows',
  ),
  repeating(
    "email",
    "a: { keep: public }",
    '6:18: "t.a" repeats "u.b", whose rule (email) differs from its own (keep "public")',
  ),
];

/** What is wrong with YAML. */
const yaml: readonly MalformedFile[] = [
  one("", "1:1: the file is empty"),
  one("# nothing\n", "1:1: the file is empty"),
  one("---\n", "1:1: the file is empty"),
  one("just text\n", "1:1: a rule file is a mapping with database, engine and tables, and this is text"),
  one("- database: orders\n", "1:1: a rule file is a mapping with database, engine and tables, and this is a list"),
  one("5\n", "1:1: a rule file is a mapping with database, engine and tables, and this is a number"),
  one(`${headLines}tables: {\n`, "4:1: the indentation does not fit the lines above, or a bracket is not closed"),
  one(`${headLines}summary: "not closed\n`, "4:1: a quote, bracket, comma or colon is missing"),
  one(`${headLines}tables:\n\tt: {}\n`, "4:1: a line is indented with a tab"),
  one(`${headLines}tables:\n  t: {}\n u: {}\n`, "5:1: the indentation does not fit the lines above"),
  third("summary: a: b", "3:10: a line holds two colons with a space behind them"),
  third("summary: @x", "3:10: a value begins with a character that means something else in YAML"),
  third("summary: `x`", "3:10: a value begins with a character that means something else in YAML"),
  third('summary: "a\\q"', "3:12: a backslash in double quotes begins no escape"),
  third('summary: "a" b', "3:14: something stands where YAML allows nothing"),
  third("summary", "3:1: a quote, bracket, comma or colon is missing"),
  third("summary: &a x", "3:10: a value has an anchor (&)"),
  third("summary: *a", "3:10: a value begins with *, which means an alias in YAML"),
  one(
    `${headLines}tables: &a\n  t: {}\n  u: *a\n`,
    "3:9: a value has an anchor (&)",
    "5:6: a value begins with *, which means an alias in YAML",
  ),
  third("summary: !!str x", "3:10: a value has a tag (!)"),
  third("summary: !x y", "3:10: a value begins with !, which means a tag in YAML"),
  one(`%YAML 9.9\n---\n${headLines}`, "1:7: a line begins with %"),
  one(`${headLines}---\n${headLines}`, "3:1: --- begins a second document"),
  third("database: again", '3:1: "database" is there twice'),
  one(`${headLines}tables:\n  t: {}\n  t: {}\n`, '5:3: "t" is there twice'),
  table("{ a: email, a: lorem }", '6:18: "a" is there twice'),
  third("? [a, b]\n: c", "3:3: a key is no name"),
  one(`${headLines}tables:\n  __proto__: {}\n`, '4:3: "__proto__" can\'t be used as a name'),
  one(
    `${headLines}tables: { t: { a: { constant: ${"[".repeat(60)}${"]".repeat(60)} } } }\n`,
    "3:68: it is nested too deeply",
  ),
  column("{ constant: 0123 }", "7:20: this number would be changed by reading it"),
  column("{ constant: .nan }", "7:20: this number would be changed by reading it"),
  column("{ constant: 12345678901234567890 }", "7:20: this number would be changed by reading it"),
];

/** The top of a file. */
const top: readonly MalformedFile[] = [
  one("engine: mysql\n", '1:1: a rule file needs "database"'),
  one("database: orders\n", '1:1: a rule file needs "engine"'),
  one("tables: {}\n", '1:1: a rule file needs "database"'),
  one("database:\nengine: mysql\n", '1:10: "database" is empty instead of text'),
  one("database: ''\nengine: mysql\n", '1:11: "database" is empty'),
  one("database: 5\nengine: mysql\n", '1:11: "database" is a number instead of text'),
  one("database: [a]\nengine: mysql\n", '1:11: "database" is a list instead of text'),
  one("database: orders\nengine: oracle\n", '2:9: "engine" is "oracle"; it is one of postgresql, mysql'),
  one("database: orders\nengine: PostgreSQL\n", '2:9: "engine" is "PostgreSQL"; did you mean "postgresql"?'),
  third("summary: { a: b }", '3:10: "summary" is a mapping instead of text'),
  third("sumary: x", '3:1: a rule file has no "sumary"; did you mean "summary"?'),
  third("table: {}", '3:1: a rule file has no "table"; did you mean "tables"?'),
  third("Tables: {}", '3:1: a rule file has no "Tables"; did you mean "tables"?'),
  third("zebra: {}", '3:1: a rule file has no "zebra"; it has database, engine'),
  one(`${headLines}zebra: 1\ntabels: {}\n`, '3:1: a rule file has no "zebra"', '4:1: a rule file has no "tabels"'),
  third(
    "extends: email-alert-ap",
    '3:10: there is no built-in scrubber "email-alert-ap"; did you mean "email-alert-api"?',
  ),
  third("extends: whitehall", '3:10: the scrubber "whitehall" is for mysql'),
  third("replaces: email-alert-api", "3:11: a file replaces the scrubber of its own database"),
  one(
    "database: email-alert-api\nengine: postgresql\nextends: email-alert-api\nreplaces: email-alert-api\n",
    "4:1: a file extends a built-in scrubber or replaces it, not both",
  ),
  one(
    "database: email_alert_api_production\nengine: postgresql\n",
    '1:11: there is a built-in scrubber "email-alert-api": say extends: email-alert-api or replaces: email-alert-api',
  ),
  one(
    "database: publishing-api\nengine: postgresql\nextends: publishing-api\nselections:\n  restricted: { of: t, where: id < 3 }\n",
    '5:3: publishing-api has a selection "restricted" already',
  ),
  third("tables: []", '3:9: "tables" is a list instead of a mapping'),
  third("tables: customers", '3:9: "tables" is text instead of a mapping'),
  third("selections: []", '3:13: "selections" is a list instead of a mapping'),
  third("knownValues: {}", '3:14: "knownValues" is a mapping instead of a list'),
  third("knownValues: [x]", "3:15: an entry of knownValues is text instead of a mapping"),
  third("knownValues: [{ table: t, column: a }]", '3:15: an entry of knownValues needs "values"'),
  third("knownValues: [{ table: t, column: a, values: [] }]", '3:46: "values" has no value'),
  third("knownValues: [{ table: t, column: a, values: [5] }]", '3:47: "values.0" is a number instead of'),
  third("reviewed: {}", '3:11: "reviewed" is a mapping instead of a list'),
  third("reviewed: [x]", "3:12: an entry of reviewed is text instead of a mapping"),
  third("reviewed: [{ reason: r }]", '3:12: an entry of reviewed needs "table", "column" and "type"'),
  third("reviewed: [{ table: t, reason: r, by: b }]", '3:12: an entry of reviewed needs "source"'),
  third(
    "reviewed: [{ table: t, column: c, type: text, reason: '', by: b, source: s }]",
    '3:55: "reason" is empty',
  ),
  third(
    "reviewed: [{ object: viev, name: n, reason: r, by: b, source: s }]",
    '3:22: "object" is "viev"; did you mean "view"?',
  ),
  third(
    "reviewed: [{ table: t, reasons: r, reason: r, by: b, source: s }]",
    '3:24: an entry of reviewed has no "reasons"; did you mean "reason"?',
  ),
];

/** Entries that contradict each other. */
const repeated: readonly MalformedFile[] = [
  one(
    `${headLines}reviewed:\n  - { table: t, reason: r, by: b, source: s }\n  - { table: t, reason: q, by: b, source: s }\n`,
    '4:3: reviewed: table "t" is listed twice',
  ),
];

/** Tables. */
const tables: readonly MalformedFile[] = [
  table("truncat", '6:6: the rule of table "t" is "truncat"; did you mean "truncate"?'),
  table("keep", '6:6: the rule of table "t" is "keep"'),
  table("5", '6:6: the rule of table "t" is a number'),
  table("[a]", '6:6: the rule of table "t" is a list'),
  table("{ keep: }", '6:14: "keep" is empty instead of text'),
  table("{ keep: '' }", '6:14: "keep" is empty'),
  table("{ keep: true }", '6:14: "keep" is true instead of text'),
  table(
    "{ keep: lorem }",
    "6:14: keep is the reason why the whole table stays; a column called keep is written t: { columns:",
  ),
  table("{ keep: { lorem: {} } }", "6:14: keep is the reason why the whole table stays"),
  table("{ keep: why, email: email }", '6:19: the kept table "t" has no "email"'),
  table("{ keep: why, public: false }", '6:27: "public" is false instead of true'),
  table("{ truncate: false }", '6:18: "truncate" is false instead of true'),
  table("{ truncate: true, a: lorem }", '6:24: the truncated table "t" has no "a"'),
  table(
    "{ columns: lorem }",
    "6:17: columns is text instead of a mapping of columns; a column called columns is written",
  ),
  table("{ columns: {}, column: {} }", '6:21: the table "t" has no "column"; did you mean "columns"?'),
  table("{ deleteRows: old, body: lorem }", '6:25: the table "t" has no "body"'),
  table("{ deleteRows: oldd, columns: {} }", '6:20: there is no selection "oldd"; did you mean "old"?'),
  table("{ deleteRows: [old], columns: {} }", '6:20: "deleteRows" is a list instead of text'),
  table("{ keepRows: nobody, columns: {} }", '6:18: there is no selection "nobody"'),
  table("{ optional: no, columns: {} }", '6:18: "optional" is text instead of true'),
  table("{ optional: lorem }", '6:18: "optional" is text instead of true'),
  table("{ public: setNull }", '6:8: the table "t" has no "public"'),
  table("{ columns: {}, expect: 5 }", '6:29: "expect" is a number instead of a mapping'),
  table("{ columns: {}, expect: { change: { minimum: 1 } } }", '6:31: expect has no "change"; did you mean "changed"?'),
  table("{ columns: {}, expect: { gone: { min: 1 } } }", '6:39: "gone" has no "min"'),
  table("{ columns: {}, expect: { gone: { minimum: -1 } } }", '6:48: "expect.gone.minimum" is less than 0'),
  table("{ columns: {}, expect: { gone: { minimum: 1.5 } } }", '6:48: "expect.gone.minimum" is no whole number'),
  table("{ columns: {}, expect: { goneShare: 2 } }", '6:42: "expect.goneShare" is more than 1'),
];

/** Columns. */
const columns: readonly MalformedFile[] = [
  column("emial", '7:8: there is no strategy "emial"; did you mean "email"?'),
  column("Email", '7:8: there is no strategy "Email"; did you mean "email"?'),
  column("zebra-stripes", '7:8: there is no strategy "zebra-stripes"; datascrubber strategies lists them'),
  column("", '7:8: the rule of column "a" is empty; write a strategy\'s name'),
  column("5", '7:8: the rule of column "a" is a number'),
  column("true", '7:8: the rule of column "a" is true'),
  column("[email]", '7:8: the rule of column "a" is a list'),
  column("{}", '7:8: the rule of column "a" names no strategy'),
  column("{ only: old }", '7:8: the rule of column "a" names no strategy'),
  column("{ emial: {} }", '7:10: there is no strategy "emial"; did you mean "email"?'),
  column("{ email: {}, lorem: {} }", '7:21: a column has one strategy: "email" or "lorem"'),
  column("{ email: { domain: x } }", "7:17: email takes no parameter"),
  column("{ email: x }", "7:17: email takes no parameter"),
  column("{ email: {}, excpet: old }", '7:21: a rule of email has no "excpet"; did you mean "except"?'),
  column("{ email: {}, except: staff }", '7:29: there is no selection "staff"'),
  column("{ email: {}, only: odl }", '7:27: there is no selection "odl"; did you mean "old"?'),
  column("{ email: {}, only: old, except: old }", "7:32: a rule has only or except, not both"),
  column("{ email: {}, only: }", '7:27: "only" is empty instead of text'),
  column("{ keep: why, except: old }", "7:29: keep changes no row, so it has no except"),
  column("{ email: {}, public: true }", "7:29: public is for keep"),
  column("{ email: {}, type: text }", "7:27: type is for keep"),
  column("{ email: {}, restPublic: why }", "7:33: restPublic is for a rule with only or except"),
  column("{ email: {}, except: old, restPublic: '' }", '7:46: "restPublic" is empty'),
  column("{ email: {}, optional: yes }", '7:31: "optional" is text instead of true'),
  column("template", "7:8: template needs a parameter"),
  column("keep", "7:8: keep needs a parameter"),
  column("{ keep: }", "7:16: the parameter of keep is empty instead of text"),
  column("{ keep: ' ' }", "7:16: the parameter of keep it needs a reason"),
  column("{ template: 5 }", "7:20: the parameter of template is a number instead of text"),
  column("{ template: [] }", "7:20: the parameter of template is a list instead of text"),
  column("constant", "7:8: constant needs a parameter"),
];

/** Conditions. */
const conditions: readonly MalformedFile[] = [
  condition("", '4:24: "where" is empty'),
  condition("id > 0; DROP TABLE t", '4:31: a condition is one expression: ";" would end the statement'),
  condition("id > 0 -- all", '4:32: "--" begins a comment of SQL'),
  condition("id > 0 /* all */", '4:32: "/*" begins a comment of SQL'),
  condition("name = 'x", "4:32: a quote ' is not closed"),
  condition("(id > 0", '4:25: a "(" is not closed'),
  condition("id > 0)", '4:31: a ")" closes nothing'),
  condition("id = ANY(array[1)", '4:41: a ")" closes nothing'),
  condition("id > 0 LIMIT 5", '4:32: a condition is one expression: "LIMIT" can\'t stand outside of brackets'),
  condition("id > 0 ORDER BY id", "4:32: a condition is one expression"),
  condition("id > 0 UNION SELECT 1", "4:32: a condition is one expression"),
  condition("SELECT 1", "4:25: a condition is one expression"),
  condition("id, name", "4:27: a condition is one expression: a comma stands outside of all brackets"),
  condition("DELETE FROM t", '4:25: "DELETE" begins a statement'),
  condition("id IN (DELETE FROM {table:t} RETURNING id)", '4:32: "DELETE" begins a statement'),
  condition("id IN (SELECT id FROM {table:t} FOR UPDATE)", "4:57: a condition locks no rows"),
  condition("id IN (WITH x AS (SELECT 1) SELECT 1)", '4:32: "WITH" begins a statement'),
  condition("id IN (SELECT id INTO x FROM {table:t})", '4:42: "INTO" begins a statement'),
  condition("id IN (SELECT id FROM orders)", "4:47: a table to select from is written {table:NAME}"),
  condition("id IN (SELECT id FROM {table:t} JOIN pg_shadow ON true)", "4:62: a table to select from is written"),
  condition("id IN (SELECT o.id FROM {table:t} o, pg_shadow)", "4:62: a table to select from is written"),
  condition("made < now()", "4:32: now() gives another value each time; {asOf} is the time of the data"),
  condition("made < CURRENT_DATE", '4:32: "CURRENT_DATE" gives another value each time'),
  condition("random() < 0.5", "4:25: random() gives another value each time"),
  condition("pg_read_file('/etc/passwd') = ''", "4:25: the function pg_read_file is not among those"),
  condition("pg_sleep(9) IS NULL", "4:25: the function pg_sleep is not among those"),
  condition("lo_import('x') > 0", "4:25: the function lo_import is not among those"),
  condition("dblink('x', 'y') = 1", "4:25: the function dblink is not among those"),
  condition("public.f(id)", "4:32: f(…) calls a user's function"),
  condition(
    "lowr(name) = 'x'",
    "4:25: the function lowr is not among those that a condition may call; did you mean lower?",
  ),
  condition("id = $1", "4:30: $ begins a quote or a parameter of PostgreSQL's"),
  condition("name = $$x$$", "4:32: $ begins a quote or a parameter"),
  condition("{colum:id} > 0", "4:25: there is no mark {colum}; did you mean {column:NAME}?"),
  condition("{zebra} > 0", "4:25: there is no mark {zebra}"),
  condition("{column} > 0", "4:25: {column:NAME} needs a name"),
  condition("made < {asOf:x}", "4:32: {asOf} has no name"),
  condition("{column:id > 0", "4:25: a brace opens or closes no mark"),
  condition("id > 0}", "4:31: a brace opens or closes no mark"),
  condition("id \\\\ 2", "4:24: a backslash stands outside of quotes"),
  mysqlCondition("id > 0 # all", '4:32: "#" begins a comment of SQL on MySQL'),
  mysqlCondition("id > @n", "4:30: a variable of MySQL's has another value each time"),
  mysqlCondition("(id := 5) > 0", "4:29: a condition assigns nothing"),
  mysqlCondition("id = ?", '4:30: "?" is a placeholder, and a condition takes no parameters'),
  mysqlCondition("load_file('/etc/passwd') = ''", "4:25: the function load_file is not among those"),
  mysqlCondition("sleep(9) = 0", "4:25: the function sleep is not among those"),
  mysqlCondition("match(name) against ('x')", "4:25: the function match is not among those"),
  mysqlCondition("convert_tz(at, 'UTC', 'CET') > 0", "4:25: the function convert_tz is not among those"),
  mysqlCondition("json_value(name, '$.a') = 'x'", "4:25: the function json_value is not among those"),
  mysqlCondition("id IN (SELECT group_concat(id) FROM t)", "4:39: the function group_concat is not among those"),
  mysqlCondition("name = `x", "4:32: a backquote ` is not closed"),
  mysqlCondition(
    "id IN (SELECT id FROM t INTO OUTFILE '/tmp/x')",
    "4:47: a table to select from",
  ),
];

/** Selections and variables. */
const others: readonly MalformedFile[] = [
  third("selections: { 5old: { of: t, where: id < 3 } }", '3:15: the selection "5old" needs a name'),
  third("selections: { 'a b': { of: t, where: id < 3 } }", '3:15: the selection "a b" needs a name'),
  third("selections: { old: id < 3 }", '3:20: the selection "old" is text instead of a mapping'),
  third("selections: { old: { of: t } }", '3:20: the selection "old" needs "where"'),
  third("selections: { old: { where: id < 3 } }", '3:20: the selection "old" needs "of"'),
  third(
    "selections: { old: { of: t, were: id < 3 } }",
    '3:20: the selection "old" needs "where"',
    '3:29: the selection "old" has no "were"; did you mean "where"?',
  ),
  third("selections: { old: { of: 5, where: id < 3 } }", '3:26: "of" is a number instead of text'),
  third("summary: ${MISSING}", "3:10: the environment has no variable MISSING"),
  third("summary: ${MISSING", '3:10: the bracket of "${" is not closed'),
  third("summary: ${a-b}", "3:10: a variable is written ${NAME}"),
  third("summary: ${}", "3:10: a variable is written ${NAME}"),
  {
    text: `${headLines}summary: \${DATABASE_PASSWORD}\n`,
    problems: ["3:10: the variable DATABASE_PASSWORD is called like a secret"],
    environment: { DATABASE_PASSWORD: "hunter2" },
  },
  {
    text: `${headLines}tables: { t: { a: "\${X}" } }\n`,
    problems: ["3:19: the variable names no strategy"],
    environment: { X: "hunter2" },
  },
  {
    text: `${headLines}selections: { old: { of: t, where: "id < \${X}" } }\n`,
    problems: ["3:36: with its variables filled in, this is no condition"],
    environment: { X: "5; hunter2" },
  },
  {
    text: `${headLines}tables: { t: { deleteRows: "\${X}", columns: {} } }\n`,
    problems: ["3:28: the variable names no selection"],
    environment: { X: "hunter2" },
  },
  {
    text: `${headLines}tables: { t: "\${X}" }\n`,
    problems: ['3:14: the rule of table "t" is text'],
    environment: { X: "hunter2" },
  },
];

/** Every file. */
export const malformedFiles: readonly MalformedFile[] = [
  ...yaml,
  ...top,
  ...repeated,
  ...keys,
  ...tables,
  ...columns,
  ...conditions,
  ...others,
];
