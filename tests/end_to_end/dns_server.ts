/** A DNS server for tests: knows aliases, and nobody else. @module */

/** A running server. */
export interface DnsServer extends AsyncDisposable {
  /** For `--dns-server`. */
  readonly address: string;
}

const cname = 5;

/** Answers with these aliases; every other name does not exist. Names without a dot at their ends. */
export function startDnsServer(aliases: Readonly<Record<string, string>>): DnsServer {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  if (socket.addr.transport !== "udp") throw new TypeError("Cannot tell the DNS server's port");
  async function serve(): Promise<void> {
    for await (const [query, from] of socket) await socket.send(answer(query, aliases), from);
  }
  const served = serve();
  return {
    address: `127.0.0.1:${socket.addr.port}`,
    async [Symbol.asyncDispose]() {
      socket.close();
      await served;
    },
  };
}

/** One question, at most one answer (RFC 1035, 4.1). */
function answer(query: Uint8Array, aliases: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(new TextDecoder().decode(query.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
  const question = query.subarray(12, at + 5);
  const name = labels.join(".").toLowerCase();
  const target = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
  const wanted = query[at + 2] ?? 0;
  const data = target !== undefined && wanted === cname ? encode(target) : undefined;
  const header = [
    query[0] ?? 0,
    query[1] ?? 0,
    0x81,
    target === undefined ? 0x83 : 0x80,
    0,
    1,
    0,
    data ? 1 : 0,
    0,
    0,
    0,
    0,
  ];
  const record = data ? [0xc0, 12, 0, cname, 0, 1, 0, 0, 0, 60, 0, data.length, ...data] : [];
  return new Uint8Array([...header, ...question, ...record]);
}

function encode(name: string): number[] {
  return [...name.split(".").flatMap((label) => [label.length, ...new TextEncoder().encode(label)]), 0];
}
