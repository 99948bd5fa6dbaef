import { checkError, checkReply, checkWebhook, type Verdict } from "./official/checker.ts";
import type { Received } from "./receiver.ts";
import type { Exchange } from "./recorder.ts";

/** What was looked at, what of it conforms, and what does not, each finding once. */
export interface Findings {
  readonly checked: number;
  readonly conforming: number;
  /** Of those conforming: without a field that the description does not know. */
  readonly exact: number;
  /** Without a body, as documented. */
  readonly empty: number;
  readonly found: readonly string[];
}

class Tally {
  checked = 0;
  conforming = 0;
  exact = 0;
  empty = 0;
  readonly found = new Set<string>();

  add(name: string, verdict: Verdict): void {
    if (verdict.kind === "empty") {
      this.empty += 1;
      return;
    }
    this.checked += 1;
    const found =
      verdict.kind === "wrong"
        ? verdict.problems.map(({ field, message }) => `${field}: ${message.split(":")[0]}`)
        : verdict.unknown.map((field) => `${field}: is unknown`);
    if (verdict.kind === "conforms") this.conforming += 1;
    if (found.length === 0) this.exact += 1;
    for (const one of found) this.found.add(`${name}${one.startsWith(":") ? "" : " "}${one}`);
  }

  get findings(): Findings {
    const { checked, conforming, exact, empty } = this;
    return { checked, conforming, exact, empty, found: [...this.found].toSorted() };
  }
}

function verdictOn(exchange: Exchange): Verdict {
  const accept = exchange.headers["accept"] ?? "";
  return checkReply(exchange.operation, { ...exchange, accept });
}

/** Replies that were no refusals, against the description. */
export function repliesIn(exchanges: readonly Exchange[]): Findings {
  const tally = new Tally();
  for (const exchange of exchanges.filter(({ status }) => status < 300)) {
    tally.add(exchange.operation.id, verdictOn(exchange));
  }
  return tally.findings;
}

/**
 * Refusals and redirects. Most operations document only some of the statuses that GitHub gives: where one is documented
 * with a body, that is what counts, elsewhere the form of all errors.
 */
export function refusalsIn(exchanges: readonly Exchange[]): Findings & { documented: number } {
  const tally = new Tally();
  let documented = 0;
  for (const exchange of exchanges.filter((one) => one.status >= 300 && !isRedirect(one))) {
    const { operation, status, body } = exchange;
    const isDocumented = (operation.replies.get(status)?.size ?? 0) > 0;
    if (isDocumented) documented += 1;
    const form = checkError(body);
    const verdict = isDocumented ? withoutUnknown(verdictOn(exchange)) : form;
    tally.add(`${operation.id} ${status}`, form.kind === "wrong" ? form : verdict);
  }
  return { ...tally.findings, documented };
}

/** A redirect that is documented without a body, and has none. */
function isRedirect({ operation, status, body }: Exchange): boolean {
  const isEmpty = body === undefined || body === null || body === "";
  return status < 400 && operation.replies.get(status)?.size === 0 && isEmpty;
}

/** Schemas of errors are sketches: GitHub's own errors have fields that they do not name. */
function withoutUnknown(verdict: Verdict): Verdict {
  return verdict.kind === "conforms" ? { kind: "conforms", unknown: [] } : verdict;
}

/** `issue_comment.created`, or `push` for events without actions. */
export function nameOf({ event, payload }: Pick<Received, "event" | "payload">): string {
  const action = payload["action"];
  return typeof action === "string" ? `${event}.${action}` : event;
}

export function webhooksIn(received: readonly Received[]): Findings {
  const tally = new Tally();
  for (const one of received) tally.add(nameOf(one), checkWebhook(one.event, one.payload));
  return tally.findings;
}
