/** The log's interface: the behaviour that `@std/log` of JSR has too. @module */

import { assertEquals } from "@std/assert";
import { BaseHandler, getLogger, LogLevels, setup } from "@std/log";

class Kept extends BaseHandler {
  readonly texts: string[] = [];
  readonly calls: string[] = [];

  override log(text: string): void {
    this.texts.push(text);
  }

  override setup(): void {
    this.calls.push("setup");
  }

  override destroy(): void {
    this.calls.push("destroy");
  }
}

Deno.test("setup() gives loggers their handlers, and destroys them at the next set-up", () => {
  const kept = new Kept("INFO");
  setup({ handlers: { kept }, loggers: { default: { level: "DEBUG", handlers: ["kept"] } } });
  getLogger().debug("below the handler's level");
  getLogger().warn("x");
  setup({});
  getLogger().warn("after");
  assertEquals([kept.texts, kept.calls], [["WARN x"], ["setup", "destroy"]]);
});

Deno.test("a logger's level holds back what is below", () => {
  const kept = new Kept("DEBUG");
  setup({ handlers: { kept }, loggers: { default: { level: "ERROR", handlers: ["kept"] } } });
  getLogger().warn("x");
  getLogger().critical("y");
  setup({});
  assertEquals(kept.texts, ["CRITICAL y"]);
});

Deno.test("getLogger() of a name that nobody configured is silent", () => {
  const kept = new Kept("DEBUG");
  setup({ handlers: { kept }, loggers: { default: { level: "DEBUG", handlers: ["kept"] } } });
  getLogger("other").critical("x");
  setup({});
  assertEquals(kept.texts, []);
});

Deno.test("a formatter gets the record with its arguments", () => {
  const kept = new Kept("DEBUG", {
    formatter: ({ msg, args, level, levelName, loggerName }) =>
      JSON.stringify([msg, args, level, levelName, loggerName]),
  });
  setup({ handlers: { kept }, loggers: { default: { level: "DEBUG", handlers: ["kept"] } } });
  getLogger().error("x", { source: "s" });
  setup({});
  assertEquals(kept.texts, [JSON.stringify(["x", [{ source: "s" }], LogLevels.ERROR, "ERROR", "default"])]);
});
