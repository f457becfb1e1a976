/** How log records are written, and that secrets and terminal escapes don't get through. @module */

import { assertEquals, assertMatch } from "@std/assert";
import { LogRecord } from "@std/log";
import {
  failureJson,
  journalFormat,
  journalLines,
  jsonFormat,
  type LogContext,
  syslogFormat,
  textFormat,
} from "../../../lib/report/log/log_format.ts";
import { Redactor } from "../../../lib/report/log/redactor.ts";
import { visible } from "../../../lib/core/visible.ts";

const context: LogContext = { source: "orders", phase: "restore", time: Date.UTC(2026, 10, 24, 3) };

function record(msg: string, level: 10 | 20 | 30 | 40 | 50 = 30, details: LogContext = context): LogRecord {
  return new LogRecord({ msg, args: [details], level, loggerName: "default" });
}

const plain = textFormat(new Redactor(), { colour: false });

Deno.test("textFormat() has time, level, source, phase and message", () => {
  assertEquals(plain(record("it lags")), "2026-11-24T03:00:00.000Z WARNING  orders restore: it lags");
});

Deno.test("textFormat() leaves out what a record does not say", () => {
  assertEquals(plain(record("x", 20, { time: 0 })), "1970-01-01T00:00:00.000Z INFO     x");
});

Deno.test("textFormat() takes the record's own time where none is given", () => {
  assertMatch(plain(record("x", 20, {})), /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO {5}x$/);
});

for (const time of [Infinity, NaN, 1e300]) {
  Deno.test(`textFormat() takes the record's own time in place of ${time}`, () => {
    assertMatch(plain(record("x", 20, { time })), /^20\d\d-.*Z INFO {5}x$/);
  });
}

Deno.test("textFormat() colours the level, on a terminal only", () => {
  const coloured = textFormat(new Redactor(), { colour: true });
  assertEquals(coloured(record("x", 40)), "2026-11-24T03:00:00.000Z \x1b[31mERROR   \x1b[0m orders restore: x");
});

Deno.test("jsonFormat() is one object with stable names", () => {
  assertEquals(JSON.parse(jsonFormat(new Redactor())(record('say "x"\n'))), {
    time: "2026-11-24T03:00:00.000Z",
    level: "WARNING",
    source: "orders",
    phase: "restore",
    message: 'say "x"',
  });
});

Deno.test("jsonFormat() has the run, and every field of the record under its name", () => {
  const fields = { database: "app", table: "users", rows: 7, seconds: 1.5, bytes: 9, code: "echo", hint: "Do\nthis." };
  assertEquals(JSON.parse(jsonFormat(new Redactor(), "0123")(record("x", 20, { time: 0, ...fields }))), {
    time: "1970-01-01T00:00:00.000Z",
    level: "INFO",
    run: "0123",
    ...fields,
    hint: "Do this.",
    message: "x",
  });
});

Deno.test("textFormat() puts the hint behind the message", () => {
  assertEquals(
    plain(record("Cannot: why", 40, { time: 0, hint: "Do." })),
    "1970-01-01T00:00:00.000Z ERROR    Cannot: why. Do.",
  );
});

Deno.test("failureJson() is a line for the failure, and one for what else went wrong", () => {
  const other = { kind: "failed", code: "share", message: "two", hint: "", also: [] } as const;
  const lines = failureJson({ ...other, code: "usage", message: "one\nmore", hint: "Do.", also: [other] }).split("\n");
  assertEquals(lines.pop(), "");
  assertEquals(lines.map((line) => ({ ...JSON.parse(line), time: "" })), [
    { time: "", level: "ERROR", code: "usage", hint: "Do.", message: "one more" },
    { time: "", level: "ERROR", code: "share", message: "two" },
  ]);
});

Deno.test("syslogFormat() has level, source, phase and message", () => {
  assertEquals(syslogFormat(new Redactor())(record("it lags", 50)), "CRITICAL: orders restore: it lags");
});

for (const [level, priority] of [[10, 7], [20, 6], [30, 4], [40, 3], [50, 2]] as const) {
  Deno.test(`journalFormat() begins level ${level} with priority ${priority}`, () => {
    const line = journalFormat(syslogFormat(new Redactor()))(record("it lags", level));
    assertMatch(line, new RegExp(`^<${priority}>[A-Z]+: orders restore: it lags$`));
  });
}

Deno.test("journalLines() gives every line that holds anything its priority", () => {
  assertEquals(journalLines("one\n\ntwo\n", 40), "<3>one\n\n<3>two\n");
});

for (
  const [name, text, shown] of [
    ["an escape", "\x1b[31mred", "\\x1b[31mred"],
    ["a C1 control sequence", "\x9b31m", "\\x9b31m"],
    ["a line end", "one\ntwo\r", "one\\ntwo\\r"],
    ["a line separator", "one\u2028two", "one\\u{2028}two"],
    ["a turned reading direction", "a\u202eb", "a\\u{202e}b"],
    ["a lone surrogate", "a\ud800b", "a\\u{d800}b"],
    ["letters of the world as they are", "Zürich 表 😀", "Zürich 表 😀"],
  ] as const
) {
  Deno.test(`visible() shows ${name}`, () => assertEquals(visible(text), shown));
  for (const [format, write] of [["textFormat()", plain], ["jsonFormat()", jsonFormat(new Redactor())]] as const) {
    Deno.test(`${format} writes ${name} safely`, () => {
      const line = write(record(text, 30, { ...context, source: text }));
      assertEquals(line, line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, ""));
    });
  }
}

const password = 'pa"ss wörd\\%42';
const key = Uint8Array.from({ length: 32 }, (_, at) => 255 - at * 7);
const spellings: readonly (readonly [name: string, text: string])[] = [
  ["the password", password],
  ["the password in JSON", JSON.stringify({ password })],
  ["the password in a URL", `https://x/?p=${encodeURIComponent(password)}`],
  ["the password in a form", `p=${encodeURIComponent(password).replaceAll("%20", "+")}`],
  ["the password in base64", new TextEncoder().encode(password).toBase64()],
  ["the password in hexadecimal", new TextEncoder().encode(password).toHex()],
  ["the key in hexadecimal", key.toHex()],
  ["the key in capitals", key.toHex().toUpperCase()],
  ["the key in base64", key.toBase64()],
  ["the key in base64 for URLs", key.toBase64({ alphabet: "base64url" })],
  ["the key as a list", String(key)],
  ["the key as JSON", JSON.stringify([...key])],
  ["the key as it is inspected", `[ ${[...key].join(", ")} ]`],
];

for (const [name, text] of spellings) {
  Deno.test(`no format lets through ${name}`, () => {
    const redactor = new Redactor();
    redactor.add(password);
    redactor.add(key);
    for (const format of [plain, jsonFormat(new Redactor()), syslogFormat(new Redactor())]) {
      assertEquals(format(record(`a ${text} b`)).includes("[secret]"), false, "without the redactor it would be there");
    }
    for (const format of [textFormat(redactor, { colour: false }), jsonFormat(redactor), syslogFormat(redactor)]) {
      assertMatch(format(record(`a ${text} b`)), /a .*\[secret\].* b/);
      const line = format(record(text));
      for (const [, spelling] of spellings) assertEquals(line.includes(spelling), false);
    }
  });
}

Deno.test("Redactor leaves other text alone", () => {
  const redactor = new Redactor();
  for (const short of ["", "a", "the"]) redactor.add(short);
  redactor.add("correct horse");
  assertEquals(redactor.redact("the correct horses"), "the [secret]s");
});
