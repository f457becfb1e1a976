/** Which indexes of MySQL's tables are built after the rows are there. @module */

import { assertEquals } from "@std/assert";
import { lateIndexes } from "../../lib/rebuild/mysql/late_indexes.ts";

const index = "  KEY `by_``name` (`name`(10),`kind` DESC) /*!80000 INVISIBLE */";
const unique = "  UNIQUE KEY `u` (`kind`)";

const cases: readonly (readonly [what: string, lines: readonly string[], late: readonly string[]])[] = [
  ["plain ones", ["  PRIMARY KEY (`id`)", unique, index], [unique, index]],
  ["no expressions, texts and places", [
    "  PRIMARY KEY (`id`)",
    "  KEY `e` ((lower(`name`)))",
    "  FULLTEXT KEY `f` (`name`)",
    "  SPATIAL KEY `s` (`place`)",
    index,
  ], [index]],
  ["none of a table without a primary key", [unique, index], []],
  ["none where a counter needs one", ["  PRIMARY KEY (`kind`,`id`)", "  KEY `c` (`id`)"], []],
  ["none where a foreign key needs one", [
    "  PRIMARY KEY (`id`)",
    index,
    "  CONSTRAINT `f` FOREIGN KEY (`kind`) REFERENCES `t` (`id`)",
  ], []],
];

for (const [what, lines, late] of cases) {
  Deno.test(`built later: ${what}`, () => {
    const columns = ["  `id` int NOT NULL AUTO_INCREMENT", "  `name` text", "  `kind` int"];
    const definition = `CREATE TABLE \`t\` (\n${[...columns, ...lines].join(",\n")}\n) ENGINE=InnoDB AUTO_INCREMENT=5`;
    assertEquals(lateIndexes(definition), late);
  });
}
