/** Hands the pseudonym key to a server in a statement that does not reveal it, whatever the server logs. @module */

import type { PseudonymKey } from "./engine.ts";

/**
 * The key XOR a pad of as many random bytes, which the server made for this session and sent in a result, which no log holds: by
 * itself, what a statement shows is as random as the pad. Both in hexadecimal.
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
