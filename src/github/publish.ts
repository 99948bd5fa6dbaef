import { WorldError } from "../domain/failure.ts";
import type { Logger, RequestCounts } from "../ports/stores.ts";
import { BODY_LIMIT, clip, codePoints } from "../reports/markdown.ts";
import type { LiveSecrets } from "./live-secrets.ts";
import { currentRun } from "./request-count.ts";
import { leaksSecret } from "./secret-scan.ts";

export interface PublishSettings {
  readonly live: LiveSecrets;
  readonly counts: RequestCounts;
  readonly log: Logger;
  /** Comments, reviews and pull requests one run may make; 40 unless told. */
  readonly contentPerRun?: number;
}

/** A text that would have given a secret away; nothing was written. */
class SecretLeak extends WorldError {
  constructor(where: string) {
    super(
      `The ${where} was not published: it contains a secret of this installation. Look at what the run printed, rotate the secret if others could see it, and start again.`,
      "escalate",
    );
  }
}

/** Text that passed the gate. Everything written to GitHub is of this type. */
export type Publishable = string & { readonly __passed: unique symbol };

/** The one gate that everything written to GitHub passes. */
export class Publisher {
  readonly #settings: PublishSettings;

  constructor(settings: PublishSettings) {
    this.#settings = settings;
  }

  /** A body of at most 65,536 characters. Throws `SecretLeak`. */
  body(text: string, where: string, limit: number = BODY_LIMIT): Publishable {
    const clean = text.replaceAll("\u0000", "\uFFFD").toWellFormed();
    if (leaksSecret(clean, this.#settings.live)) {
      this.#settings.log.error({ where, run: currentRun() }, "A secret was about to be published");
      throw new SecretLeak(where);
    }
    if (codePoints(clean) <= limit) return clean as Publishable;
    this.#settings.log.warn({ where, limit }, "A body was cut because it is too long");
    return clip(clean, limit) as Publishable;
  }

  /** A title: one line of at most `limit` characters. */
  title(text: string, where: string, limit = 250): Publishable {
    return this.body(text.replace(/\s+/g, " ").trim(), where, limit);
  }

  /** Throws when the current run has made as much as a run may make. */
  async mayCreate(where: string): Promise<void> {
    const runId = currentRun();
    if (runId === undefined) return;
    const { content } = await this.#settings.counts.read(runId);
    if (content < (this.#settings.contentPerRun ?? 40)) return;
    const text = `The ${where} was not made: this run has already written ${content} comments and pull requests, as many as one run may.`;
    throw new WorldError(text, "escalate");
  }
}
