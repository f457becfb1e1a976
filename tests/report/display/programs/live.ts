/** A program for tests: the live display and the log on a real terminal, as main has them; each line that it reads is an event. */

import { LiveDisplay } from "../../../../lib/report/display/live_display.ts";
import { loggerFor, setupLogging } from "../../../../lib/report/log/logging.ts";
import { Redactor } from "../../../../lib/report/log/redactor.ts";
import { streamWriter } from "../../../../lib/report/log/stream_writer.ts";
import { terminalFeatures } from "../../../../lib/report/display/terminal.ts";

let now = 0;
const write = streamWriter(Deno.stderr);
const { live, colour } = terminalFeatures(Deno.env.toObject(), Deno.stderr.isTerminal());
const display = new LiveDisplay({
  sources: ["orders", "blog"],
  write,
  now: () => now,
  size: () => Deno.consoleSize(),
  estimates: () => [{ phase: "restore", seconds: 60 }, { phase: "scrub", seconds: 240 }],
});
setupLogging({
  level: "INFO",
  format: "text",
  terminal: live,
  colour,
  mode: "console",
  write: (text) => display.print(text),
  redactor: new Redactor(),
});
write(`ready ${live} ${colour}\n`);
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  for (const line of text.split("\n").filter((line) => line !== "")) {
    const { event, ...rest } = JSON.parse(line);
    now += 1000;
    if (event === "phase") display.phase(rest.source, rest.phase);
    if (event === "progress") display.progress(rest.source, rest.progress);
    if (event === "log") loggerFor(rest.source).info(rest.message);
    if (event === "tick") display.tick();
    if (event === "wait") now += rest.milliseconds;
    if (event === "end") {
      display.close();
      write("closed\n");
      Deno.exit(0);
    }
  }
}
