/** What looks personal in the text of a catalogue: a labelled table, and what the check says of each text. @module */

import { assertEquals } from "@std/assert";
import {
  namesPersons,
  personalIn,
  personalInHost,
  personalInName,
  type PersonalKind,
} from "../../lib/engine/personal_text.ts";

/** Documented examples and numbers that nobody has, wherever there are such. */
const personal: Readonly<Record<PersonalKind, readonly string[]>> = {
  "mail address": [
    "ask olena@zmark.test",
    "Ask OLENA.Z+tag@mail.zmark.test, please",
    "оленa@пошта.укр",
    "josé@exámple-mail.es",
    "用户@例子.广告",
    "user@xn--e1afmkfd.xn--p1ai",
    "olena%40zmark.test",
    "(name <> 'olena@zmark.test'::text)",
    "olena@example.com.zmark.test",
    "olena&#64;zmark.test",
    "olena&amp;#x40;zmark&#46;test",
    "olena&commat;zmark.test",
    "olena\\u0040zmark.test",
    "olena\\x40zmark.test",
    "olena=40zmark.test",
    "ol\u00adena\u200b@zmark.test",
    "ｏｌｅｎａ＠ｚｍａｒｋ．ｔｅｓｔ",
    "olena\u200e@zmark\u202c.test",
    "olena&lrm;@zmark.test",
    '"olena z"@zmark.test',
    "olena\\100zmark.test",
    "olena\\0040zmark.test",
    "olena\\+000040zmark.test",
    "olena\\u{40}zmark.test",
    "olena%2540zmark.test",
    "olena&amp;amp;#64;zmark.test",
    "olena!@zmark.test",
  ],
  "telephone number": [
    "+447700900123",
    "+44 7700 900123",
    "+44 (0)20 7946 0018",
    "call 020 7946 0018 first",
    "(020) 7946 0018",
    "07700 900123",
    "07700900123",
    "'07700900123'::text",
    "0044 20 7946 0018",
    "0121 234 5678",
    "01632 960001",
    "+1 (212) 555-2368",
    "+1 212-555-2368",
    "+49 30 901820",
    "+33 1 42 68 53 00",
    "+380 44 255 7333",
    "tel: +353-1-619-4000",
    "０２０ ７９４６ ００１８",
    "٠٢٠ ٧٩٤٦ ٠٠١٨",
    "०२० ७९४६ ००१८",
    "020\u20117946\u20110018",
    "020&#55;&#57;460018",
    "tel:%2B44%207700%20900123",
    "tel_07700900123",
    "020_7946_0018",
    "tel:07700900123",
    "07700.900.123",
    "07700/900123",
    "of tel07700900123",
    "customer_07700900123_old",
    "０７７００ ９００１２３",
    "٠٧٧٠٠ ٩٠٠١٢٣",
    "0\ufe0f\u20e37\ufe0f\u20e37\ufe0f\u20e30\ufe0f\u20e30\ufe0f\u20e39\ufe0f\u20e30\ufe0f\u20e30\ufe0f\u20e31\ufe0f\u20e32\ufe0f\u20e33\ufe0f\u20e3",
    "0\u03367\u03367\u03360\u03360\u03369\u03360\u03360\u03361\u03362\u03363\u0336",
    "०७७०० ९००१२३",
    "07700–900–123",
    "07700\u00a0900\u00a0123",
    "07700\u200b900123",
    "&#48;7700 900123",
    "q=%2B447700900123",
  ],
  "National Insurance number": [
    "AB123456C",
    "ab 12 34 56 c",
    "NI no. JG-10-37-59-A",
    "('CE123456D'::text)",
    "AB.12.34.56.C",
    "ＡＢ１２３４５６Ｃ",
    "AB\u00a012\u00a034\u00a056\u00a0C",
    "AB12\u200b3456C",
    "AB\u201012\u201034\u201056\u2010C",
  ],
  "NHS number": ["943 476 5919", "943-476-5919", "9434765919", "NHS number 1234567881", "VALUES IN ('4010232137')"],
  "payment card number": [
    "4111 1111 1111 1111",
    "４１１１１１１１１１１１１１１１",
    "idx_4111111111111111",
    "4111\u00a01111\u00a01111\u00a01111",
    "4111111111111111",
    "5555-5555-5555-4444",
    "378282246310005",
    "'6011111111111117'",
    "3782 822463 10005",
    "pan_4111111111111111",
    "4111.1111.1111.1111",
    "4111–1111–1111–1111",
  ],
  "bank account number": [
    "GB29 NWBK 6016 1331 9268 19 is theirs",
    "GB29NWBK60161331926819",
    "de89370400440532013000",
    "FR14 2004 1010 0505 0001 3M02 606",
    "NO93 8601 1117 947",
    "GB29\u00a0NWBK\u00a06016\u00a01331\u00a09268\u00a019",
    "ＧＢ２９ＮＷＢＫ６０１６１３３１９２６８１９",
  ],
  "IP address": [
    "from 81.2.69.160",
    "81.2.69.160/32",
    "their machine is 192.168.1.7",
    "2a00:1450:4009:81f::200e",
    "[2a02:6b8::2:242]:443",
    "'::ffff:81.2.69.160'::inet",
    "fd12:3456:789a:1::1",
    "８１.２.６９.１６０",
  ],
  "personal name": [],
  "identifier": ["d41d8cd98f00b204e9800998ecf8427e", "for 6f8e1c2a-1c3b-4f5d-9e7a-0b1c2d3e4f50"],
  "secret": [
    'SET @password = "zmark-of-one"',
    '{"api_key": "zmark-of-one"}',
    "ALTER USER x IDENTIFIED BY ''zmark-of-one''",
    "sk_live_zmarkzmarkzmark1",
    "-----BEGIN RSA PRIVATE KEY-----",
    "AKIAIOSFODNN7ABCDEFG",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0",
    "https://user:zmark@host.test/",
    "api_key = 'zmark-of-a-key'",
    "SET @aws_secret_access_key = 'zmark/of/a/longer/key'",
    "'Authorization: Bearer zmark-of-a-bearer'",
    "aes_decrypt(`people`.`name`,'zmark-of-a-cipher')",
    "aes_encrypt(left(`name`,9),_utf8mb4\\'zmark-of-a-cipher\\')",
    "AES_DECRYPT(from_base64(trim(v)), 'zmark-of-a-cipher')",
    "pgp_sym_decrypt(secret, 'zmark-of-a-cipher'::text)",
    "whsec_zmarkzmarkzmark1",
    "SG.zmarkzmarkzmark12.zmarkzmarkzmark1",
    "sk-proj-zmarkzmarkzmarkzmark1",
    "npm_zmarkzmarkzmarkzmarkzmarkzmark",
    "https://hooks.slack.com/services/T01ZMARK/B01ZMARK/zmarkzmarkzmark1",
    "https://discord.com/api/webhooks/12345/zmarkzmarkzmarkzmark",
    "{'Authorization', 'Bearer zmarkzmark-12'}",
    "https://x.test/?api_key=zmarkzmark12",
    "AccountKey=zmarkzmarkzmarkzmarkzmarkzmarkzmarkzmarkzmark==",
  ],
};

const harmless = [
  "",
  "PostgreSQL 18.4, version 9.7.4",
  "requires version 10.0.1.2 or later",
  "v1.2.3.4",
  "server_version='16.14.0.1'",
  "Mozilla/5.0 Chrome/120.0.0.0 Safari/537.36",
  "2024-01-31 12:34:56.789+00",
  "31/01/2024 10:15",
  "01-02-2024 10:11:12",
  "FOR VALUES FROM ('2024-01-01 00:00:00+00') TO ('2025-01-01 00:00:00+00')",
  "FOR VALUES FROM ('0') TO ('1000000000')",
  "FOR VALUES FROM ('1700000000') TO ('1710000000')",
  "FOR VALUES FROM ('10000000000') TO ('20000000000')",
  "FOR VALUES FROM ('4000000000') TO ('7000000000')",
  "FOR VALUES FROM ('1700000000000') TO ('1710000000000')",
  "FOR VALUES WITH (modulus 16, remainder 3)",
  "CHECK ((id <= 9223372036854775807))",
  "between -2147483648 and 2147483647",
  "4294967295, 4294967296, 9007199254740991, 9007199254740992",
  "nextval('people_id_seq'::regclass)",
  "DEFAULT 18446744073709551615",
  "x'0123456789abcdef'",
  "0x5f3759df",
  "translate(x, '0123456789', '')",
  "0123456789abcdef",
  "'\\x00ff00ff'::bytea",
  "00000000-0000-0000-0000-000000000000",
  "fk_rails_1a2b3c4d5e",
  "index_20240131_on_20240201123456",
  "LIKE '%2024%' AND format('%02d-%3d', a, b)",
  "aes_decrypt(v, @cipher), 'a label of a column'",
  "aes_encrypt(v, @cipher, iv, 'pbkdf2_hmac')",
  "pgp_sym_encrypt(v, current_setting('app.cipher'), 'compress-algo=1')",
  "access_key = 'none'",
  "index_users_on_email_and_created_at",
  "a::b, (c)::character varying(255), d::text[]",
  "12:34:56",
  "127.0.0.1, ::1, 0.0.0.0, ::, 255.255.255.0",
  "192.0.2.17, 198.51.100.7, 203.0.113.9, 2001:db8::17",
  "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fd00::/8",
  "ask somebody@example.com or x@mail.example.org",
  "root@localhost, 'app'@'%', master@%",
  "@user := @total",
  "0.123456789012, 3.14159265358979, 0.0174532925199433",
  "SET statement_timeout = 30000000000",
  "000000000000",
  "11111111111111111",
  "the password of the user is hashed",
  "see RFC 7230, ISO 3166-1, BS 7858:2019",
  "AB12 3CD",
  "SW1A 2AA",
  "lower((name)::text)",
  "enum('draft','submitted','published')",
  "1.0.20240131",
  "20240131123456",
  "row 12345678901234567890",
  "index_of_a07700900123f",
  "events_20260131, p_2026013112, logs_20260131123456, of_1706700000000",
  "format('%5d %20s %-40s', a, b, c) LIKE '%40 days%'",
  "regexp_replace(a, '(x)(y)', '\\1-\\2 \\012')",
  "task-management-of-longer-names, desk-1, disk-usage",
  "'Authorization', 'Bearer ' || token",
  "https://x.test/?token=$1&api_key=%s",
];

for (const [kind, texts] of Object.entries(personal)) {
  for (const text of texts) {
    Deno.test(`a text with a ${kind}: ${text}`, () => {
      const kinds: readonly string[] = personalIn(text);
      assertEquals(kinds.includes(kind), true, `found: ${kinds.join(", ") || "nothing"}`);
    });
  }
}

for (const text of harmless) {
  Deno.test(`nothing personal: ${JSON.stringify(text)}`, () => assertEquals(personalIn(text), []));
}

const lists: readonly (readonly [values: readonly string[], rows: boolean, expected: boolean])[] = [
  [["Olena Zmarkenko", "Ada Lovelace"], false, true],
  [["calm", "Olena Zmarkenko", "Ada Lovelace"], false, true],
  [["Olena Zmarkenko"], true, true],
  [["Zmarkenko, Olena"], true, true],
  [["Dr Zmarkenko"], true, true],
  [["Jean-Luc O'Neill"], true, true],
  [["Ludwig van Beethoven"], true, true],
  [["Олена Шевченко", "Іван Франко"], false, true],
  [["José Álvarez", "Zoë Brontë"], false, true],
  [["Olena Zmarkenko"], false, false],
  [["draft", "published"], true, false],
  [["In Progress", "Not Started", "On Hold"], false, false],
  [["North West", "South East", "Greater London"], false, false],
  [["England", "Wales", "Scotland", "Northern Ireland"], true, false],
  [["Home Office", "Cabinet Office"], true, false],
  [["DRAFT", "SUBMITTED"], true, false],
  [["NewsArticle", "PolicyPaper"], true, false],
  [["Press Release", "Speech"], true, false],
  [["2024-01-01", "1"], true, false],
];
for (const [values, rows, expected] of lists) {
  Deno.test(`${values.join(" | ")}: ${expected ? "names" : "no names"} of persons${rows ? ", of rows" : ""}`, () => {
    assertEquals(namesPersons(values, rows), expected);
  });
}

Deno.test("a host that is a network, a pattern or private is structure; another address is not", () => {
  const hosts = ["%", "10.0.%", "10.0.0.7", "10.0.0.0/255.255.0.0", "localhost", "203.0.113.7", "81.2.69.160"];
  assertEquals(hosts.filter((host) => personalInHost(host).length > 0), ["81.2.69.160"]);
});

Deno.test("a name that ends in a digest says nothing of anybody; one with a UUID or a mail address does", () => {
  const names = [
    "index_bbd0fc4436b2d97c8b36796e9089468751fc0f2e",
    "of_6f8e1c2a-1c3b-4f5d-9e7a-0b1c2d3e4f50",
    "a@zmark.test",
  ];
  assertEquals(names.map((name) => personalInName(name).length), [0, 1, 1]);
});

Deno.test("a long text takes a fraction of a second, whatever stands in it", () => {
  const long = ["7 ", "a@", "1:", "GB29 ", "1.", "+", "Aa ", "a", "a-b.c", "1:a::"].map((part) => part.repeat(20_000));
  long.push(`${"a".repeat(99_999)}@`, `a@${"a".repeat(99_999)}`, `a@${"a.".repeat(50_000)}1`);
  for (const text of long) assertEquals(personalIn(text).includes("secret"), false);
});
