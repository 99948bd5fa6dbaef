/** Trouble that a test orders: it befalls the next matching requests. */
export interface Fault {
  /**
   * For instance "issues/create-comment", "graphql/resolveReviewThread", "git-http/upload-pack" or
   * "git-http/receive-pack" (git asks by GET first; `match` the POST for the transfer itself).
   */
  operationId?: string;
  match?: (request: FaultedRequest) => boolean;
  /** How many requests it befalls; default 1. */
  times?: number;
  /** Matching requests let through first; default 0. */
  skip?: number;
  /** "before" (default): the operation is not carried out. "after": it is, and the reply is lost. */
  when?: "before" | "after";
  /** Answer to give instead; with neither status nor reset only the delay is felt. */
  status?: number;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
  /** Cut the connection instead of answering. */
  reset?: boolean;
  delayMs?: number;
  /** A list lacks its newest N elements, as if the reading replica lagged behind. */
  dropNewest?: number;
}

export interface FaultedRequest {
  method: string;
  path: string;
  operationId: string;
  /** Login of who asked, as in the journal. */
  actor: string;
}

export interface InjectedFault {
  readonly hits: number;
  remove(): void;
}

interface Armed {
  fault: Fault;
  toSkip: number;
  left: number;
  hits: number;
}

export class Faults {
  #armed: Armed[] = [];

  inject(fault: Fault): InjectedFault {
    const armed: Armed = { fault, toSkip: fault.skip ?? 0, left: fault.times ?? 1, hits: 0 };
    this.#armed.push(armed);
    const forget = (): void => {
      this.#armed = this.#armed.filter((a) => a !== armed);
    };
    return {
      get hits() {
        return armed.hits;
      },
      remove: forget,
    };
  }

  clear(): void {
    this.#armed = [];
  }

  /** The fault that befalls this request, if any; counts it as used. */
  take(request: FaultedRequest): Fault | undefined {
    for (const armed of this.#armed) {
      if (armed.left <= 0 || !matches(armed.fault, request)) continue;
      if (armed.toSkip > 0) {
        armed.toSkip -= 1;
        continue;
      }
      armed.left -= 1;
      armed.hits += 1;
      return armed.fault;
    }
    return undefined;
  }
}

function matches(fault: Fault, request: FaultedRequest): boolean {
  if (fault.operationId !== undefined && fault.operationId !== request.operationId) return false;
  return fault.match === undefined || fault.match(request);
}
