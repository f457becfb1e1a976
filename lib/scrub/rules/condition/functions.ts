/** The functions that a condition may call: of the server's own, the same result each time, reading nothing but what they get. @module */

import type { EngineName } from "../../../core/engine_name.ts";

/** Words before a bracket that call nothing. */
const syntax =
  "and or not in exists any all some between like ilike is as on using when then else case select from where having by over " +
  "distinct interval values row cast escape similar to join lateral union except intersect div mod xor regexp rlike binary " +
  "varchar char character varying numeric decimal dec bit varbit timestamp time timestamptz timetz signed unsigned array " +
  "null true false end left right inner outer cross full natural limit offset filter within collate symmetric with_ordinality";

/** On both engines. */
const both =
  "abs ascii avg bit_length ceil ceiling char_length character_length coalesce concat concat_ws count exp extract floor greatest " +
  "least left length ln log lower lpad ltrim max md5 min mod nullif octet_length position power repeat replace reverse right " +
  "round rpad rtrim sign sqrt substr substring sum trim upper";

const postgresql =
  "array_length array_position array_positions array_to_string array_upper array_lower bool_and bool_or btrim cardinality chr " +
  "date_bin date_part date_trunc decode digest encode every format host initcap isfinite json_array_elements " +
  "json_array_elements_text json_array_length json_each json_each_text json_extract_path json_extract_path_text " +
  "json_object_keys json_typeof jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_each jsonb_each_text " +
  "jsonb_exists jsonb_exists_all jsonb_exists_any jsonb_extract_path jsonb_extract_path_text jsonb_object_keys " +
  "jsonb_path_exists jsonb_path_match jsonb_path_query jsonb_path_query_array jsonb_path_query_first jsonb_typeof justify_days " +
  "justify_hours justify_interval lower_inc lower_inf make_date make_interval make_time make_timestamp masklen netmask network " +
  "num_nonnulls num_nulls overlay overlaps quote_literal quote_nullable regexp_count regexp_instr regexp_like regexp_match " +
  "regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr sha224 sha256 sha384 sha512 " +
  "split_part starts_with string_agg array_agg string_to_array strpos text to_char to_date to_hex to_number to_timestamp " +
  "to_json to_jsonb translate trim_array trunc unnest upper_inc upper_inf width_bucket row_number rank dense_rank lag lead " +
  "first_value last_value unistr normalize family broadcast abbrev isempty bit_and bit_or int4 int8 date numeric varchar bool";

const mysql =
  "adddate addtime any_value bin bin_to_uuid bit_and bit_count bit_or bit_xor char conv convert crc32 date date_add " +
  "date_format date_sub datediff day dayname dayofmonth dayofweek dayofyear elt field find_in_set format from_base64 from_days " +
  "from_unixtime hex hour if ifnull inet6_aton inet6_ntoa inet_aton inet_ntoa insert_at instr is_ipv4 is_ipv6 " +
  "is_uuid isnull json_array json_arrayagg json_contains json_contains_path json_depth json_extract json_keys json_length " +
  "json_object json_overlaps json_quote json_schema_valid json_search json_table json_type json_unquote json_valid " +
  "last_day lcase locate log10 log2 makedate maketime microsecond mid minute month monthname nullif oct octet_length ord " +
  "period_add period_diff pow quarter regexp_instr regexp_like regexp_replace regexp_substr sec_to_time second sha sha1 sha2 " +
  "soundex space str_to_date strcmp subdate substring_index subtime time time_format time_to_sec timediff timestamp " +
  "timestampadd timestampdiff to_base64 to_days to_seconds truncate ucase unhex uuid_to_bin week weekday weekofyear " +
  "weight_string year yearweek row_number rank dense_rank lag lead first_value last_value";

/** Calls in which FROM and FOR belong to the call's own syntax. */
export const callLike: ReadonlySet<string> = new Set(["extract", "substring", "substr", "trim", "overlay", "position"]);

/** Functions that people try, whose values differ from call to call. */
export const varyingFunctions: ReadonlySet<string> = new Set(
  ("now random rand age clock_timestamp statement_timestamp transaction_timestamp timeofday sysdate curdate curtime " +
    "unix_timestamp uuid gen_random_uuid uuid_generate_v4 uuidv4 uuidv7 nextval user").split(" "),
);

const words: ReadonlySet<string> = new Set(syntax.split(" "));

const functions: Readonly<Record<EngineName, ReadonlySet<string>>> = {
  postgresql: new Set(`${both} ${postgresql}`.split(" ")),
  mysql: new Set(`${both} ${mysql}`.split(" ")),
};

/** Whether a word may stand before an opening bracket. */
export function isAllowed(engine: EngineName, word: string): boolean {
  const name = word.toLowerCase();
  return words.has(name) || functions[engine].has(name);
}

/** The functions of an engine that may be called. */
export function functionNames(engine: EngineName): readonly string[] {
  return [...functions[engine]];
}
