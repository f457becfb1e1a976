/** What `help` explains besides commands. @module */

/** One topic. */
export interface Topic {
  /** As typed behind `help`; also the first word of commands, none of which it is. */
  readonly name: string;
  /** One line without a full stop. */
  readonly help: string;
  /** The whole text, without a newline at its end. */
  readonly text: string;
}

/** The shortest rule file that shows what there is. */
export const shortRuleFile = `# orders.yaml
database: orders                          # matches orders, orders_production, orders-staging, …
engine: postgresql                        # or mysql
tables:
  customers:
    email: email                          # a strategy by its name
    name: { template: "Person {hash}" }   # or with its parameter
    country: { keep: a code of two letters }
  sessions: truncate                      # all rows go
  countries: { keep: a public list }      # nothing of it changes, and why
`;

/** Every topic, in the order of help. */
export const topics: readonly Topic[] = [
  {
    name: "rules",
    help: "what a rule file is, with the shortest example, and where its reference stands",
    text: `A rule file says what happens to each column of an application's database. It is YAML, one file for each
database, and is given with --rules FILE (or a folder of such files), to a run as well as to plan, review
and scrub --url.

${shortRuleFile.trimEnd().replaceAll(/^(?=.)/gm, "  ")}

A column that no rule names has to be accounted for otherwise: a key, timestamp, truth value or counter as
the catalogue proves it, or an entry under "reviewed". Where one is not, the run stops with status 3 before
it changes anything, and prints the line to paste.

From nothing to a scrub:
  # Draft a file, with a rule for every column that needs one
  datascrubber init orders.yaml --url postgresql://me@localhost/orders_dev --sample 100
  # What is wrong with it, with line and column, and whether it fits the database
  datascrubber rules check orders.yaml --url postgresql://me@localhost/orders_dev
  # What it would do, with three rows of each table before and after
  datascrubber plan --url postgresql://me@localhost/orders_dev --rules orders.yaml --sample 3

Reference:
  datascrubber strategies [NAME]    what can happen to a column, with examples
  datascrubber rules schema         everything that a file may hold, as JSON Schema, for editors too
  lib/scrub/README.md               in the source: rules for some rows, subsets, statements, references`,
  },
];

/** The topic of this name. */
export function topicNamed(name: string): Topic | undefined {
  return topics.find((topic) => topic.name === name);
}
