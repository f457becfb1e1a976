/** Hands the pseudonym key to a server in a statement that says nothing of it, whatever the server logs. @module */

import type { PseudonymKey } from "./engine.ts";

/**
 * The key's exclusive or with a pad of as many random bytes that the server has made for this session, and has told in a result,
 * which no log holds: a statement with it is worth as much as one with random bytes. Both in hexadecimal.
 *
 * @throws {TypeError} for anything but a pad of the key's length.
 */
export function maskKey(key: PseudonymKey, pad: unknown): string {
  if (typeof pad !== "string" || !new RegExp(`^[0-9A-Fa-f]{${key.length * 2}}$`).test(pad)) {
    throw new TypeError("Cannot hand the pseudonym key over: the server gave no pad of its length");
  }
  const other = Uint8Array.fromHex(pad);
  return key.map((byte, at) => byte ^ (other[at] ?? 0)).toHex();
}
