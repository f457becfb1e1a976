/** Reading a cold volume ahead. The volume is simulated, with a clock of its own: a block costs what RDS's users report. @module */

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { StoragePiece } from "../../../lib/engine/engine.ts";
import { trusted } from "../../../lib/engine/sql.ts";
import { type ReadOptions, readPieces } from "../../../lib/scrub/parallel/read_pieces.ts";

const mb = 2 ** 20;

/** Bytes a second. */
const rates = { coldReader: 20 * mb, volume: 500 * mb };

/** Enough for everything that can run to come to its next wait. */
const turns = 100;

/** Time that passes only when all that can run waits for it. */
class Clock {
  #now = 0;
  #waiting: { readonly at: number; readonly go: () => void }[] = [];

  readonly now = () => this.#now;

  /** Milliseconds. */
  wait(time: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ at: this.#now + time, go: resolve });
    return promise;
  }

  /** Runs work to its end. */
  async during<T>(work: Promise<T>): Promise<T> {
    let ended = false;
    const end = () => void (ended = true);
    work.then(end, end);
    while (!ended) {
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      this.#waiting.sort((a, b) => a.at - b.at);
      const next = this.#waiting.shift();
      if (next) [this.#now] = [next.at, next.go()];
    }
    return await work;
  }
}

/** A volume on which those of so many pieces are cold that `isCold` says, until they are read. It serves all readers together. */
class Volume {
  readonly clock = new Clock();
  readonly pieces: readonly StoragePiece[];
  readonly read: string[] = [];
  open = 0;
  mostOpen = 0;
  readonly #cold: Set<string>;
  #freeAt = 0;

  constructor(count: number, isCold: (at: number) => boolean, bytes = 16 * mb) {
    const table = {
      ...{
        id: "mails",
        schema: "s",
        name: "mails",
        kind: "table",
        columns: [],
        primaryKey: [],
        uniqueKeys: [],
      } as const,
      ...{ rows: 1, bytes: count * bytes, hasTriggers: false },
    };
    this.pieces = Array.from({ length: count }, (_, at) => ({ table, bytes, sql: trusted(`${at}`) }));
    this.#cold = new Set(this.pieces.flatMap(({ sql }, at) => isCold(at) ? [sql.text] : []));
  }

  /** Milliseconds that it took to read ahead, and what that came to. */
  async readPieces(options: Partial<ReadOptions> = {}) {
    const all: ReadOptions = {
      readers: 32,
      untilFast: true,
      open: () => Promise.resolve(this.#session()),
      now: this.clock.now,
      onProgress: () => {},
      ...options,
    };
    const began = this.clock.now();
    const warmed = await this.clock.during(readPieces(this.pieces, all));
    return { ...warmed, took: this.clock.now() - began };
  }

  /** Milliseconds that one reader takes for everything, as a table's rewrite does. */
  async rewrite(): Promise<number> {
    const began = this.clock.now();
    const read = async () => {
      for (const piece of this.pieces) await this.#serve(piece.sql.text);
    };
    await this.clock.during(read());
    return this.clock.now() - began;
  }

  #session() {
    this.mostOpen = Math.max(this.mostOpen, ++this.open);
    return {
      scan: async ({ text }: { readonly text: string }) => {
        this.read.push(text);
        await this.#serve(text);
        return [];
      },
      [Symbol.asyncDispose]: () => Promise.resolve(void this.open--),
    };
  }

  async #serve(piece: string): Promise<void> {
    const { bytes = 0 } = this.pieces[Number(piece)] ?? {};
    const own = this.#cold.delete(piece) ? bytes / rates.coldReader : 0;
    this.#freeAt = Math.max(this.#freeAt, this.clock.now()) + 1000 * bytes / rates.volume;
    await this.clock.wait(Math.max(1000 * own, this.#freeAt - this.clock.now()));
  }
}

/** 16 GiB. */
const many = 1024;

Deno.test("readPieces() makes a cold volume's first rewrite ten times as quick, its own time included", async () => {
  const without = await new Volume(many, () => true).rewrite();
  const volume = new Volume(many, () => true);
  const { took, ended } = await volume.readPieces();
  const ratio = without / (took + await volume.rewrite());
  assertEquals([ended, volume.read.length], ["all read", many]);
  assert(ratio > 10, `only ${ratio.toFixed(1)} times as quick`);
});

Deno.test("readPieces() reads four pieces of a warm volume, by one session, and stops", async () => {
  const volume = new Volume(many, () => false);
  const { took, ended, bytes, readers } = await volume.readPieces();
  assertEquals([ended, bytes, readers, volume.read], ["fast", 64 * mb, 1, ["128", "384", "640", "896"]]);
  assert(took < 1000);
});

Deno.test("readPieces() stops where the rest of a volume is warm", async () => {
  const volume = new Volume(many, (at) => at < many / 4);
  const { ended } = await volume.readPieces();
  assertEquals([ended, volume.read.length < many], ["fast", true]);
});

Deno.test("readPieces() reads all of a warm volume where a number of readers is wanted", async () => {
  const volume = new Volume(100, () => false);
  const { ended, readers } = await volume.readPieces({ untilFast: false, readers: 7 });
  assertEquals([ended, readers, volume.mostOpen, volume.read.length], ["all read", 7, 7, 100]);
});

Deno.test("readPieces() reads small pieces by all sessions: their time says nothing of the volume", async () => {
  const volume = new Volume(100, () => false, 16 * 1024);
  const { ended, readers } = await volume.readPieces();
  assertEquals([ended, readers, volume.read.length], ["all read", 32, 100]);
});

Deno.test("readPieces() rejects with the first failure, begins no piece after it, and leaves no session", async () => {
  const volume = new Volume(many, () => true);
  let reads = 0;
  const failing: Partial<ReadOptions> = {
    untilFast: false,
    readers: 4,
    open: () => {
      volume.open++;
      return Promise.resolve({
        scan: async () => {
          if (++reads === 10) throw new Error("lost");
          await volume.clock.wait(1);
          return [];
        },
        [Symbol.asyncDispose]: () => Promise.resolve(void volume.open--),
      });
    },
  };
  await assertRejects(() => volume.readPieces(failing), Error, "lost");
  assertEquals([volume.open, reads <= 13], [0, true]);
});

Deno.test("readPieces() of nothing opens no session", async () => {
  const volume = new Volume(0, () => true);
  const { bytes, ended } = await volume.readPieces();
  assertEquals([bytes, ended, volume.mostOpen], [0, "all read", 0]);
});
