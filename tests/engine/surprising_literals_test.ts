/** Which numbers and dates in definitions may be a person's. @module */

import { assertEquals } from "@std/assert";
import {
  hasSurprisingDictionaryOption,
  hasSurprisingOption,
  isSurprisingDefault,
  listsSurprisingNumbers,
} from "../../lib/engine/surprising_literals.ts";

for (
  const expression of [
    "2079460123",
    "'447700900124'::bigint",
    "(19700131)",
    "'-447700900124'::integer",
    "{2079460123}",
    "'{1,447700900124}'::bigint[]",
    "'[2079460123,2079460124)'::int4range",
    "'[19700131,)'::int4range",
    "447700900124.00",
    "cast(447700900124 as signed)",
    "(cast('2079460123' as decimal(12,2)))",
    String.raw`cast(_utf8mb4\'447700900124\' as signed)`,
    String.raw`cast(_utf8mb4\'1971-02-28\' as date)`,
    String.raw`DATE\'1971-02-28\'`,
    String.raw`TIMESTAMP\'1971-02-28 00:00:00\'`,
    "1970-01-31 00:00:00",
    "'1970-01-31 00:00:00+01'::timestamp with time zone",
    "'1970-01-30 18:30:00+00'::timestamp with time zone",
  ]
) {
  Deno.test(`the default ${expression} is one that nobody chooses`, () => {
    assertEquals(isSurprisingDefault(expression), true);
  });
}

for (
  const expression of [
    "0",
    "'-1'::integer",
    "2147483647",
    "(31536000)",
    "now() - 2079460123",
    "9.99",
    "12345678.9.1",
    // As of a position or a price; one for all rows is hardly a person's.
    "44.7700900127",
    "(0 + 19710228)",
    "'{1,2}'::integer[]",
    "'{}'::integer[]",
    "cast(1 as signed)",
    "'12345678 words'",
    "",
    "1970-01-01 00:00:00",
    "1999-12-31",
    "2026-01-31 00:00:00",
    "1970-01-31 10:17:12",
    String.raw`cast(_utf8mb4\'2026-02-28\' as date)`,
    String.raw`concat(_utf8mb4\'1971-02-28\',_utf8mb4\'x\')`,
  ]
) {
  Deno.test(`the default "${expression}" is not surprising`, () =>
    assertEquals(isSurprisingDefault(expression), false));
}

for (
  const list of [
    "IN (3,447700900124)",
    "IN (3,447700900124.0)",
    "IN (3,4.47700900124e11)",
    "IN (3,-(-(447700900124)))",
    "FOR VALUES IN ('19700131')",
    "FOR VALUES WITH (modulus 2079460123, remainder 7)",
    "(`n` in (-2079460123,1))",
    "(n = ANY (ARRAY['447700900124'::bigint, '3'::bigint]))",
    "ARRAY[(447700900124)]",
    "IN ((1, 447700900124), (2, 3))",
    "(n = ANY ('{3,447700900124}'::bigint[]))",
    "(n <@ '{[447700900124,447700900125)}'::int8multirange)",
    "ARRAY[3, $a$447700900124$a$]",
  ]
) {
  Deno.test(`the list ${list} holds a number that nobody chooses`, () => {
    assertEquals(listsSurprisingNumbers(list, []), true);
  });
}

for (
  const list of [
    "IN (1,2)",
    "IN (20240131,20240201)",
    "IN (100000000)",
    "IN (0.447700900124,1e3)",
    "FOR VALUES IN ('x12345678')",
    "447700900124",
  ]
) {
  Deno.test(`the list ${list} is not surprising`, () => assertEquals(listsSurprisingNumbers(list, []), false));
}

Deno.test("a label that is a telephone number is one that nobody chooses", () => {
  assertEquals(listsSurprisingNumbers("enum('447700900124')", ["447700900124"]), true);
});

Deno.test("of a table's size a number that nobody chooses is surprising, and the greatest is not", () => {
  assertEquals(
    ["min_rows=2079460123", "MAX_ROWS = 2079460124", "max_rows=4294967295 avg_row_length=100000000", "stats=12345679"]
      .map(hasSurprisingOption),
    [true, true, false, false],
  );
});

Deno.test("a secondary engine that there is not is surprising, and so is a group of nodes that no cluster has", () => {
  assertEquals(
    ['SECONDARY_ENGINE="Ada Lovelace"', 'SECONDARY_ENGINE="RAPID"', "nodegroup=20794", "nodegroup=47"]
      .map(hasSurprisingOption),
    [true, false, true, false],
  );
});

for (
  const option of [
    "log_autovacuum_min_duration=2079460123",
    "gin_pending_list_limit=2079460123",
    "autovacuum_vacuum_scale_factor=0.447700900124",
    "n_distinct=-0.447700900124",
    "autovacuum_vacuum_threshold=0x7BF1E2DB",
    "random_page_cost=447.700900124",
    "interval=207946012",
    '{"by": 447700900124}',
    '{"by": ["x", "447700900124"]} {}',
  ]
) {
  Deno.test(`the option ${option} is one that nobody chooses`, () => assertEquals(hasSurprisingOption(option), true));
}

for (
  const option of [
    "autovacuum_vacuum_scale_factor=0.00000001",
    "n_distinct=-1",
    "random_page_cost=1.1",
    "interval=604800",
    "vacuum_truncate=false",
    '{"made": 20240131, "most": 1000000000, "key": "x2079460123"}',
  ]
) {
  Deno.test(`the option ${option} is not surprising`, () => assertEquals(hasSurprisingOption(option), false));
}

for (const options of ["maxlen = 2079460123", "rejectlong = 'true', maxlen = '2079460123'", "x = -20794601.23"]) {
  Deno.test(`the dictionary's options "${options}" hold a number that nobody chooses`, () => {
    assertEquals(hasSurprisingDictionaryOption(options), true);
  });
}

for (
  const options of [
    "maxlen = 6, rejectlong = 'false', absval = 1",
    "maxlen = 100000000",
    "language = 'english', stopwords = 'english'",
    "dictfile = 'en_us_20240131', afffile = '20240131', stopwords = 'v2079460123'",
    "rules = 'x = 2079460'",
  ]
) {
  Deno.test(`the dictionary's options "${options}" are not surprising`, () => {
    assertEquals(hasSurprisingDictionaryOption(options), false);
  });
}
