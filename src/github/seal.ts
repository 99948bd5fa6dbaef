import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { Secret } from "../domain/secret.ts";

/** Encrypts what must be kept in the database but is a secret; the key follows from the app's private key. */
export class Seal {
  readonly #key: Buffer;

  constructor(privateKey: Secret) {
    const derived = hkdfSync("sha256", privateKey.reveal(), "", "backend-orchestrator tokens", 32);
    this.#key = Buffer.from(derived);
  }

  close(secret: Secret): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce);
    const body = Buffer.concat([cipher.update(secret.reveal(), "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url");
  }

  /** Undefined when it was sealed with another key or changed since. */
  open(sealed: string): Secret | undefined {
    const bytes = Buffer.from(sealed, "base64url");
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.#key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      const text = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
      return new Secret(text.toString("utf8"));
    } catch {
      return undefined;
    }
  }
}
