import { UserError, WorldError } from "../domain/failure.ts";
import { WorkflowCancelled } from "../ports/engine.ts";

/** Removes secrets from a text before it is stored. */
export type Redact = (text: string) => string;

/** An error as stored: what a workflow may decide by after a replay, in another process. */
export interface RecordedError {
  readonly name: string;
  readonly message: string;
  readonly failureClass?: "retry" | "escalate" | "stop";
  readonly key?: string;
}

/** What one durable operation came to. Errors are values here, so that first run and replay throw the same thing. */
export type Outcome =
  | { readonly ok: true; readonly value?: unknown }
  | { readonly ok: false; readonly error: RecordedError };

export function keepText(text: string): string {
  return text;
}

/** The value as it will be read back after a crash: JSON only, texts redacted, `undefined` kept at the top. */
export function asJson(value: unknown, redact: Redact = keepText): unknown {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return undefined;
  return JSON.parse(text, (_key, part: unknown) =>
    typeof part === "string" ? redact(part) : part,
  );
}

export function recordError(error: unknown, redact: Redact = keepText): RecordedError {
  if (!(error instanceof Error)) return { name: "Error", message: redact(String(error)) };
  const recorded = { name: error.name, message: redact(error.message) };
  if (error instanceof WorldError) return { ...recorded, failureClass: error.failureClass };
  if (error instanceof WorkflowCancelled) return { ...recorded, key: error.key };
  return recorded;
}

/** The error again, of our own class where it was one: `instanceof` decides the same before and after a crash. */
function rebuildError(recorded: RecordedError): Error {
  if (recorded.name === "UserError") return new UserError(recorded.message);
  if (recorded.name === "WorldError") {
    return new WorldError(recorded.message, recorded.failureClass ?? "stop");
  }
  if (recorded.name === "WorkflowCancelled") return new WorkflowCancelled(recorded.key ?? "");
  const error = new Error(recorded.message);
  error.name = recorded.name;
  return error;
}

/** Runs `work` and keeps what it came to, success or error, as JSON. */
export async function outcomeOf(
  work: () => Promise<unknown>,
  redact: Redact = keepText,
): Promise<Outcome> {
  try {
    return { ok: true, value: asJson(await work(), redact) };
  } catch (error) {
    return { ok: false, error: recordError(error, redact) };
  }
}

/** The recorded value, or the recorded error thrown. */
export function settle(outcome: Outcome): unknown {
  if (outcome.ok) return outcome.value;
  throw rebuildError(outcome.error);
}
