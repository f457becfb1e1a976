/** What the demonstration prints. @module */

const encoder = new TextEncoder();

/** One line. */
export function say(line = ""): void {
  Deno.stdout.writeSync(encoder.encode(`${line}\n`));
}

/** The title of a part. */
export function title(text: string): void {
  say(`\n== ${text}`);
}
