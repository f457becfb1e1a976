/**
 * Signs the report of a run with an Ed25519 key, of a file or of KMS: an in-toto statement (version 1) in a DSSE envelope, as cosign and in-toto's tools
 * read them. The statement follows from the report's bytes, so that the signature alone, in a tag of the snapshot, can be checked.
 *
 * @module
 */

/** Of a report file, what its statement names. */
export interface ReportFacts {
  /** SHA-256 of the file, in hexadecimal. */
  readonly digest: string;
  readonly runId: string;
  /** Identifiers of the final snapshots. */
  readonly snapshots: readonly string[];
}

/** A signature, and the envelope that carries it with its statement. */
export interface SignedStatement {
  /** Of 64 bytes, in base64. */
  readonly signature: string;
  /** JSON. Ends in a newline. */
  readonly envelope: string;
}

/** Signs a message; gives the signature's 64 bytes. */
export type Sign = (message: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;

/** Signs with a private key that is here. */
export function signWith(key: CryptoKey): Sign {
  return async (message) => new Uint8Array(await crypto.subtle.sign(algorithm, key, message));
}

/** Where the envelope of a report's statement is: beside the report. */
export function envelopePath(report: string): string {
  return `${report}.intoto.json`;
}

const algorithm = "Ed25519";
const payloadType = "application/vnd.in-toto+json";

/**
 * The private key of a PEM file (PKCS #8).
 *
 * @throws {SyntaxError} if it is not an Ed25519 key of that form.
 */
export async function importSigningKey(pem: string): Promise<CryptoKey> {
  return await importKey("pkcs8", derOf(pem, "PRIVATE KEY"), "sign");
}

/**
 * The public key of a PEM file (SubjectPublicKeyInfo).
 *
 * @throws {SyntaxError} if it is not an Ed25519 key of that form.
 */
export async function importVerificationKey(pem: string): Promise<CryptoKey> {
  return await importKey("spki", derOf(pem, "PUBLIC KEY"), "verify");
}

/** Signs the statement about a report. */
export async function signReport(report: ReportFacts, sign: Sign): Promise<SignedStatement> {
  const payload = statementOf(report);
  const signature = (await sign(authenticated(payload))).toBase64();
  const envelope = { payloadType, payload: payload.toBase64(), signatures: [{ sig: signature }] };
  return { signature, envelope: `${JSON.stringify(envelope)}\n` };
}

/** Whether the signature, in base64, is the key's under the statement about this report. */
export async function isSigned(report: ReportFacts, signature: string, key: CryptoKey): Promise<boolean> {
  const bytes = bytesOf(signature);
  return bytes !== undefined && await crypto.subtle.verify(algorithm, key, bytes, authenticated(statementOf(report)));
}

/**
 * The signatures in an envelope, in base64.
 *
 * @throws {SyntaxError} if the text is no DSSE envelope of an in-toto statement.
 */
export function signaturesIn(envelope: string): readonly string[] {
  const parsed: unknown = JSON.parse(envelope);
  if (!isObject(parsed) || parsed.payloadType !== payloadType || !Array.isArray(parsed.signatures)) {
    throw new SyntaxError(`not an envelope of ${payloadType}`);
  }
  return parsed.signatures.flatMap((one: unknown) => isObject(one) && typeof one.sig === "string" ? [one.sig] : []);
}

/** in-toto Attestation Framework, "Statement v1": a subject needs a digest, which a snapshot has none of. */
function statementOf({ digest, runId, snapshots }: ReportFacts): Uint8Array<ArrayBuffer> {
  return utf8(JSON.stringify({
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "report", digest: { sha256: digest } }],
    predicateType: "urn:datascrubber:report:1",
    predicate: { runId, snapshots },
  }));
}

/** What DSSE signs: its "pre-authentication encoding". */
function authenticated(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = utf8(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `);
  return new Uint8Array([...head, ...payload]);
}

async function importKey(format: "pkcs8" | "spki", der: Uint8Array<ArrayBuffer>, usage: KeyUsage): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey(format, der, algorithm, false, [usage]);
  } catch (cause) {
    throw new SyntaxError(`not an ${algorithm} key`, { cause });
  }
}

/** The bytes of the only block with that label (RFC 7468). */
function derOf(pem: string, label: string): Uint8Array<ArrayBuffer> {
  const [, body] = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`).exec(pem) ?? [];
  const der = body === undefined ? undefined : bytesOf(body.replaceAll(/\s/g, ""));
  if (der === undefined) throw new SyntaxError(`no PEM block "${label}"`);
  return der;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.fromBase64(base64);
  } catch {
    return undefined;
  }
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
