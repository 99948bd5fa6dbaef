/** What the host does about a failure of the world: try again, ask a person, or end the run. */
export type FailureClass = "retry" | "escalate" | "stop";

/**
 * A mistake of the person who asked. The message is shown to them as it stands: it names what was wrong, what was
 * expected and what to do.
 */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** A failure of the world (network, disk, GitHub, a killed process). `failureClass` decides what happens next. */
export class WorldError extends Error {
  override readonly name = "WorldError";
  readonly failureClass: FailureClass;

  constructor(message: string, failureClass: FailureClass, cause?: unknown) {
    super(message, { cause });
    this.failureClass = failureClass;
  }
}

/** GitHub does not answer, or not in time. */
export class UnreachableError extends WorldError {
  constructor(message: string, cause?: unknown) {
    super(message, "retry", cause);
  }
}

/** What the operating system says when the machine has run out of something, which may pass. */
const SHORTAGES = new Set(["ENOSPC", "EDQUOT", "EMFILE", "ENFILE", "ENOMEM", "EAGAIN"]);

/** Whether a failure came from a machine that is full: of files, of processes, of memory. */
export function isShortage(error: unknown): boolean {
  for (let cause: unknown = error, depth = 0; depth < 3; depth += 1) {
    if (typeof cause !== "object" || cause === null) return false;
    if ("code" in cause && typeof cause.code === "string" && SHORTAGES.has(cause.code)) return true;
    cause = "cause" in cause ? cause.cause : undefined;
  }
  return false;
}

/** The world asked to be left alone until `dueAt` (ISO time), as a rate limit does. Nothing is sent before then. */
export class LaterError extends WorldError {
  readonly dueAt: string;

  constructor(message: string, dueAt: string, cause?: unknown) {
    super(message, "retry", cause);
    this.dueAt = dueAt;
  }
}
