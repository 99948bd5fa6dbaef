import { Error as DbosErrors, type WorkflowStatus } from "@dbos-inc/dbos-sdk";
import { WorkflowCancelled, type WorkflowState } from "../../ports/engine.ts";
import { type Outcome, type RecordedError, type Redact, recordError } from "../recorded.ts";

const STATES: Readonly<Record<string, WorkflowState>> = {
  SUCCESS: "succeeded",
  ERROR: "failed",
  MAX_RECOVERY_ATTEMPTS_EXCEEDED: "failed",
  CANCELLED: "cancelled",
};

export function stateOfStatus(status: WorkflowStatus): WorkflowState {
  return STATES[status.status] ?? "running";
}

export function hasEnded(status: WorkflowStatus): boolean {
  return stateOfStatus(status) !== "running";
}

/** What an ended workflow came to. */
export function outcomeOfStatus(status: WorkflowStatus): Outcome {
  const { workflowID, output, error } = status;
  switch (stateOfStatus(status)) {
    case "succeeded":
      return { ok: true, value: output };
    case "cancelled":
      return { ok: false, error: recordError(new WorkflowCancelled(workflowID)) };
    default:
      return { ok: false, error: readError(error) };
  }
}

/** The error as DBOS stores it well: a plain one whose fields are all that `readError` needs. */
export function storableError(error: unknown, redact: Redact): Error {
  if (error instanceof DbosErrors.DBOSWorkflowConflictError) return error;
  const recorded = recordError(error, redact);
  return Object.assign(new Error(recorded.message), recorded);
}

function readError(error: unknown): RecordedError {
  const { name, message, failureClass, key } = (error ??
    new Error("The workflow was given up after too many attempts")) as RecordedError;
  return {
    name,
    message,
    ...(failureClass === undefined ? {} : { failureClass }),
    ...(key === undefined ? {} : { key }),
  };
}
