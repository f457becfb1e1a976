import type { Certificate } from "../../scripts/local_rds/certificate.ts";
import type { EngineName } from "../../lib/core/engine_name.ts";

/** A running impostor. */
export interface Impostor extends AsyncDisposable {
  readonly port: number;
  /** Ends it, and gives what it was told after the request for TLS: without TLS, and through it. */
  end(): Promise<{ readonly inClear: string; readonly inSecret: string }>;
}

/** What it offers: no TLS at all, or TLS with a certificate of its choice. */
export type Offer = "no TLS" | Certificate;

/** Listens on loopback. */
export function startImpostor(engine: EngineName, offer: Offer): Impostor {
  const front = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const told = { clear: "", secret: "" };
  const inner = offer === "no TLS"
    ? undefined
    : Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert: offer.certificate, key: offer.key });
  const work: Promise<unknown>[] = [
    accept(front, async (connection) => {
      const { request, rest } = await ask(engine, connection, inner !== undefined);
      if (!request) return void (told.clear += rest);
      if (!inner) return await interrogate(engine, connection, rest, (text) => told.clear += text);
      using behind = await Deno.connect({ hostname: "127.0.0.1", port: inner.addr.port });
      const through = { preventClose: true, preventAbort: true, preventCancel: true };
      await Promise.race([
        connection.readable.pipeTo(behind.writable, through),
        behind.readable.pipeTo(connection.writable, through),
      ]);
    }),
  ];
  if (inner) work.push(accept(inner, (connection) => interrogate(engine, connection, "", (t) => told.secret += t)));
  let over = false;
  async function end() {
    if (!over) {
      over = true;
      front.close();
      inner?.close();
    }
    await Promise.all(work);
    return { inClear: told.clear, inSecret: told.secret };
  }
  return {
    port: front.addr.port,
    end,
    async [Symbol.asyncDispose]() {
      await end();
    },
  };
}

/** Serves every connection until the listener is closed. A client that hangs up is what is expected. */
async function accept(listener: Deno.Listener, serve: (connection: Deno.Conn) => Promise<void>): Promise<void> {
  const serving: Promise<void>[] = [];
  try {
    for await (const connection of listener) {
      serving.push(
        serve(connection).catch(() => {}).finally(() => {
          try {
            connection.close();
          } catch {
            // the stream has closed it
          }
        }),
      );
    }
  } catch {
    // a handshake that the client gave up
  }
  await Promise.all(serving);
}

/** Bytes as text, one character each. */
function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** The next thing that the client says, so many bytes at most; empty when it hung up. */
async function hear(connection: Deno.Conn, most = 4096): Promise<string> {
  const buffer = new Uint8Array(most);
  return textOf(buffer.subarray(0, await connection.read(buffer) ?? 0));
}

async function say(connection: Deno.Conn, text: string): Promise<void> {
  const writer = connection.writable.getWriter();
  await writer.write(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  writer.releaseLock();
}

/** The client's request for TLS, which it answers. `rest`: what the client said instead. */
async function ask(
  engine: EngineName,
  connection: Deno.Conn,
  tls: boolean,
): Promise<{ readonly request: boolean; readonly rest: string }> {
  if (engine === "mysql") await say(connection, greeting(tls));
  const first = await hear(connection, requests[engine].length);
  if (!requests[engine].matches(first)) return { request: false, rest: first + await hear(connection) };
  if (engine === "postgresql") await say(connection, tls ? "S" : "N");
  return { request: true, rest: "" };
}

/** Requests for TLS; MySQL's begins like a login, and has neither a name nor a password. */
const requests = {
  postgresql: { length: 8, matches: (text: string) => text === "\0\0\0\x08\x04\xd2\x16\x2f" },
  mysql: {
    length: 36,
    matches: (text: string) => text.startsWith("\x20\0\0\x01") && text.endsWith("\0".repeat(23)),
  },
} as const;

/** Takes the login, asking for the password in plain text where the protocol has a way to. */
async function interrogate(
  engine: EngineName,
  connection: Deno.Conn,
  before: string,
  keep: (text: string) => void,
): Promise<void> {
  keep(before);
  const login = await hear(connection);
  keep(login);
  if (engine === "mysql" || login[0] !== "\0") return;
  await say(connection, "R\0\0\0\x08\0\0\0\x03"); // AuthenticationCleartextPassword
  keep(await hear(connection));
}

/** MySQL's first packet (protocol 10): what a server says of itself, CLIENT_SSL being one bit of it. */
function greeting(tls: boolean): string {
  const capabilities = 0x00_0f_f7_df | (tls ? 0x800 : 0);
  const low = String.fromCharCode(capabilities & 0xff, capabilities >> 8 & 0xff);
  const high = String.fromCharCode(capabilities >> 16 & 0xff, 0);
  const salt = "abcdefghijklmnopqrst";
  const body = `\x0a8.4.0\0\x01\0\0\0${salt.slice(0, 8)}\0${low}\xff\x02\0${high}\x15${"\0".repeat(10)}${
    salt.slice(8)
  }\0caching_sha2_password\0`;
  return `${String.fromCharCode(body.length)}\0\0\0${body}`;
}
