import type { DispatchStatus } from "../../domain/run/ledger-event.ts";
import type { AgentOutcome } from "../../ports/agents.ts";
import type { JailLimit } from "../../ports/jail.ts";
import type { HandedIn } from "../mcp-tools.ts";
import type { Denied } from "../model-gateway/model-gateway.ts";
import type { StopCause } from "./watch.ts";

/** How a conversation came to its end, before it is judged. */
export type Ended =
  | { readonly kind: "finished" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "stopped"; readonly cause: StopCause }
  | {
      readonly kind: "exited";
      readonly code: number | null;
      readonly signal: string | null;
      readonly timedOut: boolean;
      readonly reached?: readonly JailLimit[];
      readonly stderr: string;
    };

/** What the host itself saw, which outweighs whatever the agent says about its end. */
export interface Seen {
  readonly handedIn: HandedIn;
  readonly denied: Denied;
  /** Why the last model call failed. */
  readonly failure: string | undefined;
}

type Judged = Pick<AgentOutcome, "status" | "result" | "question" | "detail">;

/** The outcome of a dispatch: an accepted result or a question first, then who stopped it, then what went wrong. */
export function decide(ended: Ended, seen: Seen): Judged {
  const { result, question } = seen.handedIn;
  if (result !== undefined) return { status: "submitted", result };
  if (question) return { status: "needs-human", question };
  if (ended.kind === "stopped") return stopped(ended.cause);
  if (ended.kind === "exited" && ended.timedOut) return stopped("wall");
  if (seen.denied.budget > 0) {
    return judged("over-budget", seen.denied.budgetReason ?? "The budget is spent.");
  }
  if (ended.kind === "exited") return judged("crashed", exitDetail(ended, seen.failure));
  if (ended.kind === "failed") return judged("crashed", seen.failure ?? ended.message);
  return judged("no-result", seen.failure ?? "The agent ended twice without submitting a result.");
}

function stopped(cause: StopCause): Judged {
  switch (cause) {
    case "cancelled":
      return { status: "cancelled" };
    case "wall":
      return judged("timed-out", "The agent took longer than its time limit.");
    case "idle":
      return judged("timed-out", "The agent did nothing for longer than its idle limit.");
  }
}

function exitDetail(
  exit: {
    code: number | null;
    signal: string | null;
    stderr: string;
    reached?: readonly JailLimit[];
  },
  failure: string | undefined,
): string {
  const { code, signal, reached = [] } = exit;
  if (reached.includes("memory"))
    return "The agent, or what it started, wanted more memory than one dispatch may use.";
  if (reached.includes("disk"))
    return "The disk ran low, and this dispatch had written the most; it was ended to make room.";
  const how = signal ? `was killed by ${signal}` : `ended with exit code ${code}`;
  const why = failure ?? exit.stderr.trim().slice(-1_000);
  return `The agent ${how}${why ? `: ${why}` : "."}`;
}

function judged(status: DispatchStatus, detail: string): Judged {
  return { status, detail };
}
