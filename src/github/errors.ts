import { UnreachableError, WorldError } from "../domain/failure.ts";

/** A write whose effect is not known: the answer was lost or was a 5xx. Read back before it is repeated. */
export class UncertainError extends UnreachableError {}

/** GitHub answered with a 4xx that repeating does not change. */
export class RefusedError extends WorldError {
  readonly status: number;
  readonly body: unknown;

  constructor(message: string, answer: { status: number; body: unknown; stop: boolean }) {
    super(message, answer.stop ? "stop" : "escalate");
    this.status = answer.status;
    this.body = answer.body;
  }
}

/** What is needed to describe an answer: Octokit's `RequestError`, read defensively. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly body: unknown;
  /** False when no answer came: refused connection, reset, timeout. */
  readonly arrived: boolean;
  readonly message: string;
}

/** The answer inside whatever Octokit threw; undefined when it is not a failed request but our own bug. */
export function answerOf(error: unknown): Answer | undefined {
  if (!(error instanceof Error)) return undefined;
  const { status, response } = error as {
    status?: unknown;
    response?: { headers?: Answer["headers"]; data?: unknown };
  };
  const timedOut = error.name === "TimeoutError" || error.name === "AbortError";
  if (typeof status !== "number" && !timedOut) return undefined;
  return {
    status: typeof status === "number" ? status : 500,
    headers: response?.headers ?? {},
    body: response?.data,
    arrived: response !== undefined,
    message: error.message,
  };
}

/** Names a request the way people read it: `POST /repos/o/r/issues/1/comments`. */
export interface Asked {
  readonly method: string;
  readonly path: string;
}

/** The failure that a refused or failed request is. Not for rate limits, which are `LaterError`. */
export function failureOf(asked: Asked, answer: Answer): WorldError {
  const what = `${asked.method} ${asked.path}`;
  if (!answer.arrived || answer.status >= 500) {
    const how = answer.arrived ? `answered ${answer.status}` : `did not answer (${answer.message})`;
    const text = `GitHub ${how} to ${what}; it is tried again later.`;
    return asked.method === "GET" ? new UnreachableError(text) : new UncertainError(text);
  }
  const { status, body } = answer;
  return new RefusedError(refusalText(what, answer), { status, body, stop: isGone(answer) });
}

function refusalText(what: string, { status, headers, message }: Answer): string {
  const needed = headers["x-accepted-github-permissions"];
  if (status === 403 && /not accessible by integration/i.test(message) && needed !== undefined) {
    return `GitHub refused ${what}: the app lacks a permission (${needed}). An owner must grant it in the app's installation settings.`;
  }
  return `GitHub refused ${what} with ${status}: ${message.slice(0, 300)}`;
}

/** The installation or the repository is no longer ours: nothing further can work. */
function isGone({ status, message }: Answer): boolean {
  return status === 410 || (status === 403 && /suspended|archived/i.test(message));
}
