import type { RunView } from "../domain/run/run.ts";
import { awaitedHalf } from "../domain/triage/full-stack.ts";
import { count } from "./words.ts";

/** One true sentence about where the run stands. The words of success come only from the state `complete`. */
export function stateSentence(view: RunView): string {
  switch (view.state) {
    case "complete":
      return `✅ Complete: build and tests passed on ${view.headSha.slice(0, 7)}`;
    case "blocked":
      return halfSentence(view) ?? "⛔ Blocked: this run needs a person";
    case "failed":
      return "❌ Failed: this run ended without a result";
    case "cancelled":
      return "🚫 Cancelled";
    case "waiting":
      return waitSentence(view);
    case "working":
      return workSentence(view);
  }
}

/** A run whose own half is done needs no person: it waits for the other side. */
function halfSentence(view: RunView): string | undefined {
  const half = awaitedHalf(view);
  if (half) return `⏳ Waiting for ${half.record.to}: this side is done and verified`;
  const whole = view.triage?.mode === "frontend-hand-off" ? view.handOffs[0] : undefined;
  return whole && `↪️ Handed to ${whole.record.to}: nothing of it is done here`;
}

function waitSentence(view: RunView): string {
  const wait = view.wait;
  if (!wait) return "⏸️ Waiting";
  const until = wait.until ? ` until ${wait.until}` : "";
  switch (wait.for) {
    case "person":
      return "❓ Waiting for your answer";
    case "ci":
      return "⏳ Waiting for the checks of this repository";
    case "rate-limit":
      return `⏳ Waiting for GitHub's rate limit${until}`;
    case "github":
      return "⏳ GitHub cannot be reached; trying again";
    case "queue":
      return "⏳ Queued behind other runs of this repository";
    case "budget":
      return "💰 Stopped: the budget of this run is spent";
    case "paused":
      return "⏸️ Paused";
  }
}

function workSentence(view: RunView): string {
  const running = view.phases.find((phase) => phase.state === "running");
  const active = view.tasks.filter((task) => task.state === "running").length;
  if (!view.plan) return "🧭 Planning";
  if (!running) return "🔧 Working";
  return `🔧 Working on ${running.phase}${active > 0 ? ` (${count(active, "specialist")} at work)` : ""}`;
}
