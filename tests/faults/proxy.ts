/** A way to a server that can stop carrying anything, without closing: what a network does that is gone. @module */

/** A running proxy. */
export interface Proxy extends AsyncDisposable {
  readonly port: number;
  /** How many connections were made through it so far. */
  readonly connections: () => number;
  /** From now on nothing is carried on the connections that are there. */
  freeze(): void;
  /** Nor on any that is made from now on. */
  freezeAll(): void;
}

/** Listens on loopback and carries everything to a port of loopback. */
export function startProxy(to: number): Proxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  const work: Promise<void>[] = [];
  let frozenAll = false;
  let born = 0;
  let frozenUntil = 0;

  async function carry(from: Deno.Conn, into: Deno.Conn, number: number): Promise<void> {
    const buffer = new Uint8Array(65_536);
    for (let read = await from.read(buffer); read !== null; read = await from.read(buffer)) {
      // What comes then is taken, and told to nobody.
      if (frozenAll || number <= frozenUntil) continue;
      for (let sent = 0; sent < read;) sent += await into.write(buffer.subarray(sent, read));
    }
    // A frozen way carries no goodbye either.
    if (!frozenAll && number > frozenUntil) close(into);
  }

  function close(connection: Deno.Conn): void {
    if (open.delete(connection)) connection.close();
  }

  async function serve(near: Deno.Conn): Promise<void> {
    const number = ++born;
    const far = await Deno.connect({ hostname: "127.0.0.1", port: to });
    open.add(near).add(far);
    await Promise.allSettled([carry(near, far, number), carry(far, near, number)]);
    close(near);
    close(far);
  }

  work.push((async () => {
    for await (const connection of listener) work.push(serve(connection));
  })());
  return {
    port: listener.addr.port,
    connections: () => born,
    freeze: () => void (frozenUntil = born),
    freezeAll: () => void (frozenAll = true),
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of open) close(connection);
      while (work.length > 0) await work.pop();
    },
  };
}
