/** The last net under the log: registered secrets never reach a record. @module */

const replacement = "[secret]";

/** Shorter secrets are taken for words: replacing them would garble the log and hide nothing. */
const shortest = 4;

/** Knows the secrets of a run in the spellings in which they could turn up. */
export class Redactor {
  readonly #spellings = new Set<string>();

  /** Registers a secret: a text such as a password, or bytes such as a key. */
  add(secret: string | Uint8Array): void {
    if (secret.length < shortest) return;
    const spellings = typeof secret === "string" ? spellText(secret) : spellBytes(secret);
    for (const spelling of spellings) this.#spellings.add(spelling);
  }

  /** The text with `[secret]` in place of every registered secret. */
  redact(text: string): string {
    const found = [...this.#spellings].filter((spelling) => text.includes(spelling));
    // Longest first, or the rest of a longer spelling would stay behind.
    found.sort((one, other) => other.length - one.length);
    return found.reduce((redacted, spelling) => redacted.replaceAll(spelling, replacement), text);
  }
}

function spellText(secret: string): readonly string[] {
  const bytes = new TextEncoder().encode(secret);
  const percentEncoded = encodeURIComponent(secret.toWellFormed());
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    percentEncoded,
    percentEncoded.replaceAll("%20", "+"),
    ...spellBytes(bytes),
  ];
}

function spellBytes(bytes: Uint8Array): readonly string[] {
  const copy = new Uint8Array(bytes);
  const base64 = copy.toBase64({ omitPadding: true });
  const hex = copy.toHex();
  return [
    hex,
    hex.toUpperCase(),
    base64,
    base64.replaceAll("+", "-").replaceAll("/", "_"),
    copy.join(","),
    copy.join(", "),
    ...Array.from(decoded(copy)),
  ];
}

function* decoded(bytes: Uint8Array<ArrayBuffer>): Iterable<string> {
  try {
    yield new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // Bytes that are no text can't turn up as text.
  }
}
