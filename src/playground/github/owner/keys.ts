import { generateKeyPairSync } from "node:crypto";

export interface KeyPair {
  publicKeyPem: string;
  privateKeyPem: string;
}

const pairs: KeyPair[] = [];

/**
 * The key pair of a hub's n-th app. Making one takes about 0.1 s, so the hubs of one process share them;
 * apps of one hub never do.
 */
export function keyPair(n: number): KeyPair {
  while (pairs.length <= n) {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
    });
    pairs.push({ publicKeyPem: publicKey, privateKeyPem: privateKey });
  }
  const pair = pairs[n];
  if (pair === undefined) throw new Error(`Make key pair ${n}: the list is too short.`);
  return pair;
}
