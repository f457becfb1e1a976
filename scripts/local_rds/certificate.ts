/** A certificate authority made at run time, and the certificates that it signs for TLS servers. @module */

import "reflect-metadata"; // which x509 asks for, and does not load
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** A certificate and its private key, both as PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** Signs certificates. */
export interface Authority {
  /** The authority's certificate as PEM, for clients to trust. */
  readonly ca: string;
  /** Signs a certificate for DNS names, valid from yesterday for thirty days. */
  issue(names: readonly string[]): Promise<Certificate>;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256" };
const signingAlgorithm = { name: "ECDSA", hash: "SHA-256" };
const day = 24 * 60 * 60 * 1000;

/** Makes a new authority. */
export async function makeAuthority(): Promise<Authority> {
  const issuer = "CN=datascrubber local authority";
  const keys = await makeKeys();
  const ca = await X509CertificateGenerator.createSelfSigned({
    name: issuer,
    ...validity(),
    keys,
    signingAlgorithm,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  return {
    ca: pem(ca.toString("pem")),
    async issue(names) {
      const own = await makeKeys();
      const certificate = await X509CertificateGenerator.create({
        issuer,
        subject: [{ CN: [names[0] ?? "localhost"] }],
        ...validity(),
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm,
        extensions: [new SubjectAlternativeNameExtension(names.map((value) => ({ type: "dns" as const, value })))],
      });
      const key = new Uint8Array(await crypto.subtle.exportKey("pkcs8", own.privateKey)).toBase64();
      return {
        certificate: pem(certificate.toString("pem")),
        key: `-----BEGIN PRIVATE KEY-----\n${key.replaceAll(/.{64}(?=.)/g, "$&\n")}\n-----END PRIVATE KEY-----\n`,
      };
    },
  };
}

async function makeKeys(): Promise<CryptoKeyPair> {
  return await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function validity(): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 30 * day) };
}

/** OpenSSL needs a newline at the end of a PEM file. */
function pem(text: string): string {
  return `${text.trimEnd()}\n`;
}
