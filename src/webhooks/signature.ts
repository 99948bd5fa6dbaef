import { createHmac, type Hmac, timingSafeEqual } from "node:crypto";
import type { Secret } from "../domain/secret.ts";

/** A secret that signatures are accepted from; `until` (milliseconds since 1970) ends a rotation. */
export interface SigningSecret {
  readonly secret: Secret;
  readonly until?: number;
}

const SHORTEST = 32;

/** Throws unless every secret is long enough to be one: an app without a secret accepts anybody's deliveries. */
export function checkSecrets(secrets: readonly SigningSecret[]): void {
  if (secrets.length === 0) throw new Error("No webhook secret is set: set WEBHOOK_SECRET.");
  for (const { secret } of secrets) {
    if (secret.reveal().trim().length >= SHORTEST) continue;
    throw new Error(`A webhook secret is shorter than ${SHORTEST} characters: set a longer one.`);
  }
}

/** Checks a signature over the raw bytes as they arrive, against every secret that is valid now. */
export class SignatureCheck {
  readonly #claimed: Buffer;
  readonly #hmacs: readonly Hmac[];

  private constructor(claimed: Buffer, hmacs: readonly Hmac[]) {
    this.#claimed = claimed;
    this.#hmacs = hmacs;
  }

  /** Undefined when the header is not one well-formed SHA-256 signature. */
  static begin(
    header: string | string[] | undefined,
    secrets: readonly SigningSecret[],
    now: number,
  ): SignatureCheck | undefined {
    if (typeof header !== "string") return undefined;
    const hex = /^sha256=([0-9a-f]{64})$/.exec(header)?.[1];
    if (hex === undefined) return undefined;
    const valid = secrets.filter(({ until }) => until === undefined || now < until);
    const hmacs = valid.map(({ secret }) => createHmac("sha256", secret.reveal()));
    return new SignatureCheck(Buffer.from(hex, "hex"), hmacs);
  }

  update(chunk: Buffer): void {
    for (const hmac of this.#hmacs) hmac.update(chunk);
  }

  /** Whether one of the secrets signed exactly these bytes. */
  end(): boolean {
    const matches = this.#hmacs.map((hmac) => timingSafeEqual(hmac.digest(), this.#claimed));
    return matches.includes(true);
  }
}
