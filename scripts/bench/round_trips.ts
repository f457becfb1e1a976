/** A proxy before a server that counts how often a client waits for it. @module */

/** A proxy on a port of its own. */
export interface CountingProxy extends AsyncDisposable {
  readonly port: number;
  /** Of all connections so far: handshakes and logins are among them. */
  roundTrips(): number;
}

/** Starts a proxy before a local port. A round trip is what a client sends until the server answers. */
export function countRoundTrips(serverPort: number): CountingProxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections: Promise<void>[] = [];
  let count = 0;

  async function carry(client: Deno.TcpConn): Promise<void> {
    using from = client;
    using to = await Deno.connect({ hostname: "127.0.0.1", port: serverPort });
    from.setNoDelay();
    to.setNoDelay();
    let isWaiting = false;
    const asked = () => {
      if (!isWaiting) count++;
      isWaiting = true;
    };
    const answered = () => {
      isWaiting = false;
    };
    await Promise.race([pass(from, to, asked), pass(to, from, answered)]);
  }

  const accepting = (async () => {
    for await (const client of listener) connections.push(carry(client).catch(() => {}));
  })();
  return {
    port: listener.addr.port,
    roundTrips: () => count,
    async [Symbol.asyncDispose]() {
      listener.close();
      await Promise.all([accepting, ...connections]);
    },
  };
}

/** Until one side closes the connection. */
async function pass(from: Deno.Conn, to: Deno.Conn, onPart: () => void): Promise<void> {
  const buffer = new Uint8Array(65_536);
  for (let length = await from.read(buffer); length !== null; length = await from.read(buffer)) {
    onPart();
    for (let at = 0; at < length;) at += await to.write(buffer.subarray(at, length));
  }
}
