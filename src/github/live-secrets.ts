import type { Secret } from "../domain/secret.ts";

const WINDOW = 12;

/** The secrets that are valid now, by value: what must never be written to GitHub. */
export class LiveSecrets {
  readonly #values = new Map<symbol, string>();
  /** Every 12 characters in a row of any of them, and how many secrets have them. */
  readonly #windows = new Map<string, number>();

  /** Registers a secret; the returned function forgets it. Values under 8 characters are too short to look for. */
  add(secret: Secret): () => void {
    const value = secret.reveal().trim();
    if (value.length < 8) return () => undefined;
    const id = Symbol("secret");
    this.#values.set(id, value);
    this.#count(value, 1);
    return () => {
      if (this.#values.delete(id)) this.#count(value, -1);
    };
  }

  #count(value: string, by: 1 | -1): void {
    for (const window of windowsOf(value)) {
      const count = (this.#windows.get(window) ?? 0) + by;
      if (count > 0) this.#windows.set(window, count);
      else this.#windows.delete(window);
    }
  }

  /** `text` with every live secret replaced, also where it stands inside JSON. For logs and the database. */
  redact(text: string): string {
    let clean = text;
    for (const value of this.#values.values()) {
      clean = clean.replaceAll(value, REMOVED);
      const escaped = JSON.stringify(value).slice(1, -1);
      if (escaped !== value) clean = clean.replaceAll(escaped, REMOVED);
    }
    return clean;
  }

  /** Whether `text` contains a live secret, or any 12 characters in a row of one. */
  in(text: string): boolean {
    for (const value of this.#values.values()) if (text.includes(value)) return true;
    for (let at = 0; at + WINDOW <= text.length; at += 1) {
      if (this.#windows.has(text.slice(at, at + WINDOW))) return true;
    }
    return false;
  }
}

/** What stands in place of a secret. */
const REMOVED = "[secret]";

/**
 * Every 12 characters of the secret part: PEM frames, the fixed prefix of a token and the header of a JWT are the
 * same for everyone and would block harmless text.
 */
function windowsOf(value: string): Set<string> {
  const windows = new Set<string>();
  for (const part of secretParts(value)) {
    for (let at = 0; at + WINDOW <= part.length; at += 1) windows.add(part.slice(at, at + WINDOW));
  }
  return windows;
}

function secretParts(value: string): string[] {
  if (value.includes("-----BEGIN"))
    return value.split("\n").filter((line) => !line.startsWith("-----"));
  const jwt = /^(?:gh[a-z]_\d*_?)?eyJ[\w-]*\.(.+)$/.exec(value);
  if (jwt?.[1] !== undefined) return [jwt[1]];
  return [value.replace(/^gh[a-z]_/, "")];
}
