/** Where the log goes: console, a real datagram socket, and the console again when that is gone. @module */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { loggerFor, type Logging, type LoggingOptions, setupLogging } from "../../../lib/report/log/logging.ts";
import { Redactor } from "../../../lib/report/log/redactor.ts";
import { isJournal } from "../../../lib/report/display/terminal.ts";
import { streamWriter } from "../../../lib/report/log/stream_writer.ts";

interface Ground extends AsyncDisposable {
  readonly folder: string;
  readonly printed: string[];
  start(options: Partial<LoggingOptions>): Logging;
}

async function ground(): Promise<Ground> {
  const folder = await Deno.makeTempDir();
  const printed: string[] = [];
  const started: Logging[] = [];
  return {
    folder,
    printed,
    start(options) {
      const logging = setupLogging({
        level: "INFO",
        format: "text",
        terminal: false,
        colour: false,
        write: (text) => printed.push(text),
        redactor: new Redactor(),
        syslogPath: `${folder}/log`,
        ...options,
      });
      started.push(logging);
      return logging;
    },
    async [Symbol.asyncDispose]() {
      for (const logging of started) await logging.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** A system log: a real datagram socket. */
class SystemLog {
  readonly #socket: Deno.DatagramConn;

  constructor(folder: string) {
    this.#socket = Deno.listenDatagram({ transport: "unixpacket", path: `${folder}/log` });
  }

  async next(): Promise<string> {
    const [bytes] = await this.#socket.receive(new Uint8Array(65_536));
    return new TextDecoder().decode(bytes);
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

Deno.test("setupLogging() prefixes lines with their priority where the journal reads the console", async () => {
  await using here = await ground();
  const logging = here.start({ journal: true });
  loggerFor("orders").warn("it lags");
  assertEquals([logging.mode, here.printed], ["console", ["<4>WARNING: orders: it lags\n"]]);
});

Deno.test("isJournal() knows the very stream that the variable names", () => {
  const status = { dev: 9, ino: 4711 };
  assertEquals(["9:4711", "9:4712", "", undefined].map((stream) => isJournal(stream, status)), [
    true,
    false,
    false,
    false,
  ]);
});

Deno.test("setupLogging() sends to syslog with priority, time, name and process", async () => {
  await using place = await ground();
  using socket = new SystemLog(place.folder);
  const logging = place.start({ mode: "syslog", level: "DEBUG" });
  const log = loggerFor("orders");
  const cases = [["debug", 15], ["info", 14], ["warn", 12], ["error", 11], ["critical", 10]] as const;
  for (const [level, priority] of cases) {
    log[level](`a ${level}`, "restore");
    const level4 = level === "warn" ? "WARNING" : level.toUpperCase();
    assertMatch(
      await socket.next(),
      new RegExp(
        `^<${priority}>[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d datascrubber\\[${Deno.pid}\\]: ${level4}: orders restore: a ${level}$`,
      ),
    );
  }
  assertEquals([logging.mode, place.printed], ["syslog", []]);
});

Deno.test("setupLogging() sends JSON to syslog where JSON is asked for", async () => {
  await using place = await ground();
  using socket = new SystemLog(place.folder);
  place.start({ mode: "syslog", format: "json" });
  loggerFor("orders").info("x");
  const [, json = ""] = /\]: (.*)$/.exec(await socket.next()) ?? [];
  assertEquals(JSON.parse(json).message, "x");
});

Deno.test("close() sends what is under way", async () => {
  await using place = await ground();
  using socket = new SystemLog(place.folder);
  const logging = place.start({ mode: "syslog" });
  for (let at = 0; at < 5; at++) loggerFor().info(`message ${at}`);
  await logging.close();
  for (let at = 0; at < 5; at++) assertStringIncludes(await socket.next(), `message ${at}`);
});

Deno.test("setupLogging() cuts what syslog would refuse", async () => {
  await using place = await ground();
  using socket = new SystemLog(place.folder);
  place.start({ mode: "syslog" });
  loggerFor().info("x".repeat(1_000_000));
  assertMatch(await socket.next(), /x…$/);
});

Deno.test("setupLogging() goes to the console with one warning where no socket is", async () => {
  await using place = await ground();
  const logging = place.start({ mode: "syslog" });
  loggerFor().info("one");
  loggerFor().info("two");
  assertEquals(logging.mode, "console");
  assertEquals(place.printed.map((line) => line.replace(/^\S+ /, "")), [
    `WARNING  No syslog answers at ${place.folder}/log: the log goes to the console\n`,
    "INFO     one\n",
    "INFO     two\n",
  ]);
});

Deno.test("setupLogging() takes a plain file for no socket", async () => {
  await using place = await ground();
  await Deno.writeTextFile(`${place.folder}/log`, "");
  assertEquals(place.start({ mode: "syslog" }).mode, "console");
});

Deno.test("setupLogging() loses nothing when syslog goes away", async () => {
  await using place = await ground();
  const socket = new SystemLog(place.folder);
  const logging = place.start({ mode: "syslog" });
  socket[Symbol.dispose]();
  for (let at = 0; at < 3; at++) loggerFor().info(`message ${at}`);
  await logging.close();
  assertEquals(place.printed.map((line) => line.replace(/^\S+ \S+ +/, "")), [
    `No syslog answers at ${place.folder}/log: the log goes to the console\n`,
    "message 0\n",
    "message 1\n",
    "message 2\n",
  ]);
});

for (const [terminal, mode] of [[true, "console"], [false, "syslog"]] as const) {
  Deno.test(`setupLogging() chooses ${mode} ${terminal ? "on" : "without"} a terminal`, async () => {
    await using place = await ground();
    using _socket = new SystemLog(place.folder);
    assertEquals(place.start({ terminal }).mode, mode);
  });
}

for (
  const [level, expected] of [
    ["DEBUG", ["debug", "info", "warn", "error", "critical"]],
    ["WARNING", ["warn", "error", "critical"]],
    ["CRITICAL", ["critical"]],
  ] as const
) {
  Deno.test(`setupLogging() logs ${level} and above`, async () => {
    await using place = await ground();
    place.start({ mode: "console", level });
    const log = loggerFor();
    for (const name of ["debug", "info", "warn", "error", "critical"] as const) log[name](name);
    assertEquals(place.printed.map((line) => line.trim().split(" ").at(-1)), [...expected]);
  });
}

Deno.test("pass() keeps a worker's level and time", async () => {
  await using place = await ground();
  place.start({ mode: "console" });
  loggerFor("orders").pass({ level: 40, time: 0, message: "x" }, "verify");
  loggerFor("orders").pass({ level: 10, time: 0, message: "too low" }, "verify");
  assertEquals(place.printed, ["1970-01-01T00:00:00.000Z ERROR    orders verify: x\n"]);
});

Deno.test("a secret reaches neither console nor syslog", async () => {
  await using place = await ground();
  using socket = new SystemLog(place.folder);
  const redactor = new Redactor();
  redactor.add("correct horse");
  const logging = place.start({ mode: "syslog", redactor });
  loggerFor("correct horse").info("with correct horse");
  assertMatch(await socket.next(), /: INFO: \[secret\]: with \[secret\]$/);
  await logging.close();
  place.start({ mode: "console", redactor });
  loggerFor("correct horse").info("with correct horse");
  assertMatch(place.printed.join(""), /^\S+ INFO {5}\[secret\]: with \[secret\]\n$/);
});

Deno.test("streamWriter() writes all of a text to a stream that takes little at a time", () => {
  const taken: number[] = [];
  const write = streamWriter({
    writeSync(bytes) {
      taken.push(...bytes.subarray(0, 3));
      return Math.min(3, bytes.length);
    },
  });
  write("Zürich, 表\n");
  assertEquals(new TextDecoder().decode(new Uint8Array(taken)), "Zürich, 表\n");
});

Deno.test("streamWriter() drops what nobody reads any more", () => {
  streamWriter({
    writeSync() {
      throw new Deno.errors.BrokenPipe();
    },
  })("x");
});
