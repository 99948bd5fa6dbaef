import type { Secret } from "../domain/secret.ts";

const WINDOW = 12;

interface Live {
  readonly value: string;
  readonly windows: ReadonlySet<string>;
}

/** The secrets that are valid now, by value: what must never be written to GitHub. */
export class LiveSecrets {
  readonly #live = new Set<Live>();

  /** Registers a secret; the returned function forgets it. Values under 8 characters are too short to look for. */
  add(secret: Secret): () => void {
    const value = secret.reveal().trim();
    if (value.length < 8) return () => undefined;
    const entry = { value, windows: windowsOf(value) };
    this.#live.add(entry);
    return () => this.#live.delete(entry);
  }

  /** `text` with every live secret replaced, also where it stands inside JSON. For logs and the database. */
  redact(text: string): string {
    let clean = text;
    for (const { value } of this.#live) {
      clean = clean.replaceAll(value, REMOVED);
      const escaped = JSON.stringify(value).slice(1, -1);
      if (escaped !== value) clean = clean.replaceAll(escaped, REMOVED);
    }
    return clean;
  }

  /** Whether `text` contains a live secret, or any 12 characters in a row of one. */
  in(text: string): boolean {
    const live = [...this.#live];
    if (live.some(({ value }) => text.includes(value))) return true;
    for (let at = 0; at + WINDOW <= text.length; at += 1) {
      const piece = text.slice(at, at + WINDOW);
      if (live.some(({ windows }) => windows.has(piece))) return true;
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
