/** Makes a master password. @module */

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** As long as every engine takes: MySQL stops at 41. */
const length = 40;

/** 40 random letters and digits, about 238 bits: nothing that any engine, URL or shell minds. */
export function makePassword(): string {
  let password = "";
  while (password.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      // Bytes from here on would make the first letters likelier than the others.
      if (byte < 256 - 256 % letters.length && password.length < length) {
        password += letters.charAt(byte % letters.length);
      }
    }
  }
  return password;
}
