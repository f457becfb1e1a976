/** A terminal for tests: keeps the screen that the written text comes to. @module */

/** Understands text, line ends, `\r`, moving up, and erasing to the end of the screen; wraps; scrolls nothing away. */
export class FakeTerminal {
  columns: number;
  rows: number;
  /** Every text as it was written. */
  readonly writes: string[] = [];
  #lines: string[] = [""];
  #row = 0;
  #column = 0;

  constructor(columns: number, rows = 24) {
    this.columns = columns;
    this.rows = rows;
  }

  /** The screen, without empty lines at its end. */
  get screen(): string {
    return this.#lines.map((line) => line.trimEnd()).join("\n").trimEnd();
  }

  readonly size = (): { columns: number; rows: number } => ({ columns: this.columns, rows: this.rows });

  readonly write = (text: string): void => {
    this.writes.push(text);
    // deno-lint-ignore no-control-regex
    for (const piece of text.match(/\x1b\[\d*[A-Za-z]|[^]/gu) ?? []) this.#take(piece);
  };

  /** Lines that are too long for the new width are wrapped, as terminals do; the cursor stays below them. */
  resize(columns: number): void {
    this.columns = columns;
    const wrapped = this.#lines.flatMap((line) =>
      line === "" ? [""] : line.match(new RegExp(`.{1,${columns}}`, "gu")) ?? []
    );
    this.#row += wrapped.length - this.#lines.length;
    this.#lines = wrapped;
  }

  #take(piece: string): void {
    if (piece === "\r") this.#column = 0;
    else if (piece === "\n") this.#newLine();
    else if (piece === "\x1b[J") this.#lines = this.#lines.slice(0, this.#row).concat("");
    else if (piece.startsWith("\x1b[")) {
      if (!piece.endsWith("A")) throw new Error(`sequence not known: ${JSON.stringify(piece)}`);
      this.#row = Math.max(0, this.#row - Number(piece.slice(2, -1)));
    } else {
      if (this.#column >= this.columns) this.#newLine();
      const line = (this.#lines[this.#row] ?? "").padEnd(this.#column);
      this.#lines[this.#row] = line.slice(0, this.#column) + piece + line.slice(this.#column + 1);
      this.#column++;
    }
  }

  #newLine(): void {
    this.#row++;
    this.#column = 0;
    this.#lines[this.#row] ??= "";
  }
}
