/** A small DNS server on loopback, for host names that no other server knows. @module */

/** Names, in lower case, and what they are: an alias of another name, or an address. */
export type Records = Readonly<Record<string, { readonly alias: string } | { readonly address: string }>>;

/** A running server. `queries`: the names it was asked for, in order, without repetitions in a row. */
export interface DnsServer extends AsyncDisposable {
  /** `address:port`. */
  readonly address: string;
  readonly queries: readonly string[];
}

/** Starts one. Names it does not know do not exist; a name's other records are none. */
export function startDns(records: Records): DnsServer {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  const queries: string[] = [];
  const serving = (async () => {
    for await (const [query, from] of socket) {
      const { name, end, type } = readQuestion(query);
      if (queries.at(-1) !== name) queries.push(name);
      await socket.send(answer(query.slice(0, end), type, records[name]), from);
    }
  })();
  const port = "port" in socket.addr ? socket.addr.port : 0;
  return {
    address: `127.0.0.1:${port}`,
    queries,
    async [Symbol.asyncDispose]() {
      socket.close();
      await serving;
    },
  };
}

const types = { address: 1, alias: 5 } as const;

function readQuestion(query: Uint8Array): { name: string; end: number; type: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(new TextDecoder().decode(query.slice(at + 1, at + 1 + length)));
    at += 1 + length;
  }
  const type = new DataView(query.buffer, query.byteOffset).getUint16(at + 1);
  return { name: labels.join(".").toLowerCase(), end: at + 5, type };
}

/** The header's counts follow RFC 1035, 4.1.1; the answer's name is a pointer to the question's. */
function answer(question: Uint8Array, type: number, record: Records[string] | undefined): Uint8Array {
  const data = record && dataOf(record, type);
  const body = data ? [0xc0, 12, 0, data.type, 0, 1, 0, 0, 0, 0, 0, data.bytes.length, ...data.bytes] : [];
  const message = new Uint8Array([...question, ...body]);
  const view = new DataView(message.buffer);
  const unknown = record === undefined ? 3 : 0;
  view.setUint16(2, 0x8580 | unknown);
  view.setUint16(4, 1);
  view.setUint16(6, data ? 1 : 0);
  view.setUint16(8, 0);
  view.setUint16(10, 0);
  return message;
}

function dataOf(record: NonNullable<Records[string]>, type: number): { type: number; bytes: number[] } | undefined {
  if ("alias" in record) return { type: types.alias, bytes: wireName(record.alias) };
  return type === types.address ? { type, bytes: record.address.split(".").map(Number) } : undefined;
}

function wireName(name: string): number[] {
  return [...name.split(".").flatMap((label) => [label.length, ...new TextEncoder().encode(label)]), 0];
}
