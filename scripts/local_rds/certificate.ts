/** A certificate authority made at run time, and the certificates it signs: just enough X.509 for TLS servers. @module */

/** A certificate and its private key, both as PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** Signs certificates that a client who trusts `ca` accepts. */
export interface Authority {
  /** The authority's own certificate as PEM: what a client has to trust. */
  readonly ca: string;
  /** Signs a certificate for DNS names, valid from yesterday for thirty days. */
  issue(names: readonly string[]): Promise<Certificate>;
}

type Bytes = Uint8Array<ArrayBuffer>;

const algorithm = { name: "ECDSA", namedCurve: "P-256" };
const day = 24 * 60 * 60 * 1000;

/** Makes an authority of its own: nobody else's certificate is accepted by a client who trusts only this one. */
export async function makeAuthority(): Promise<Authority> {
  const name = distinguishedName("datascrubber local authority");
  const keys = await makeKeys();
  const usage = extension("2.5.29.15", true, der(0x03, Uint8Array.of(1, 0x06))); // keyCertSign, cRLSign
  const constraints = extension("2.5.29.19", true, sequence(der(0x01, Uint8Array.of(0xff)))); // CA: TRUE
  const ca = await sign({ issuer: name, subject: name, keys, extensions: [usage, constraints] }, keys.privateKey);
  return {
    ca,
    async issue(names) {
      const own = await makeKeys();
      const alternatives = sequence(...names.map((dns) => der(0x82, new TextEncoder().encode(dns))));
      const subject = distinguishedName(names[0] ?? "nobody");
      const extensions = [extension("2.5.29.17", false, alternatives)];
      const certificate = await sign({ issuer: name, subject, keys: own, extensions }, keys.privateKey);
      const key = pem("PRIVATE KEY", new Uint8Array(await crypto.subtle.exportKey("pkcs8", own.privateKey)));
      return { certificate, key };
    },
  };
}

async function makeKeys(): Promise<CryptoKeyPair> {
  return await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

interface Request {
  readonly issuer: Bytes;
  readonly subject: Bytes;
  readonly keys: CryptoKeyPair;
  readonly extensions: readonly Bytes[];
}

/** RFC 5280, section 4.1: a version 3 certificate, signed with ecdsa-with-SHA256. */
async function sign(request: Request, issuerKey: CryptoKey): Promise<string> {
  const signatureAlgorithm = sequence(objectIdentifier("1.2.840.10045.4.3.2"));
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("spki", request.keys.publicKey));
  const serial = crypto.getRandomValues(new Uint8Array(16));
  const body = sequence(
    der(0xa0, integer(Uint8Array.of(2))),
    integer(serial),
    signatureAlgorithm,
    request.issuer,
    sequence(time(Date.now() - day), time(Date.now() + 30 * day)),
    request.subject,
    publicKey,
    der(0xa3, sequence(...request.extensions)),
  );
  const raw = new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, issuerKey, body));
  // WebCrypto gives r and s side by side; X.509 wants a sequence of two integers.
  const signature = sequence(integer(raw.slice(0, 32)), integer(raw.slice(32)));
  return pem("CERTIFICATE", sequence(body, signatureAlgorithm, der(0x03, join([Uint8Array.of(0), signature]))));
}

function der(tag: number, content: Bytes): Bytes {
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return join([Uint8Array.of(tag, ...length), content]);
}

function sequence(...parts: readonly Bytes[]): Bytes {
  return der(0x30, join(parts));
}

/** A non-negative integer: no leading zeros, but one where the first bit would read as a sign. */
function integer(bytes: Bytes): Bytes {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const digits = bytes.slice(start);
  return der(0x02, (digits[0] ?? 0) < 0x80 ? digits : join([Uint8Array.of(0), digits]));
}

function objectIdentifier(dotted: string): Bytes {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return der(0x06, Uint8Array.from(bytes));
}

function distinguishedName(commonName: string): Bytes {
  const value = der(0x0c, new TextEncoder().encode(commonName));
  return sequence(der(0x31, sequence(objectIdentifier("2.5.4.3"), value)));
}

function extension(id: string, critical: boolean, value: Bytes): Bytes {
  const flag = critical ? [der(0x01, Uint8Array.of(0xff))] : [];
  return sequence(objectIdentifier(id), ...flag, der(0x04, value));
}

/** UTCTime: two digits of the year, to the second. */
function time(at: number): Bytes {
  const digits = new Date(at).toISOString().replaceAll(/\D/g, "").slice(2, 14);
  return der(0x17, new TextEncoder().encode(`${digits}Z`));
}

function join(parts: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function pem(label: string, bytes: Bytes): string {
  const text = btoa(String.fromCharCode(...bytes)).replaceAll(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`;
}
