import type { Sha } from "../../domain/ids.ts";
import type { RequiredCheck } from "../../ports/github.ts";
import { redCheck } from "../../reports/reasons.ts";
import { checksAwaited } from "../../reports/waits.ts";
import type { RunContext } from "../context.ts";
import { keep, ORDERS, type Order, paused } from "../people/orders.ts";

/** How the required checks of the repository ended. */
export type CiVerdict =
  | { readonly kind: "green" | "moved" | "closed" | "late" }
  | {
      readonly kind: "red";
      readonly names: readonly string[];
      readonly findings: readonly string[];
    };

const MINUTE_MS = 60_000;
/** Webhooks wake the run; these are the looks between them, the last one repeated. */
const LOOK_AGAIN_MINUTES = [5, 10, 20, 40, 60] as const;

/**
 * Waits until every check that the base branch requires is green on `sha`, or one is red. A repository that requires
 * none is green at once. What people order meanwhile is kept for afterwards.
 */
export async function requiredChecks(run: RunContext, sha: Sha): Promise<CiVerdict> {
  let waitedMs = 0;
  for (let look = 0; ; look++) {
    const checks = await read(run, sha);
    if (checks.length === 0) return { kind: "green" };
    const red = checks.filter(({ state }) => state === "red");
    const pending = checks.filter(({ state }) => state === "pending").map(({ name }) => name);
    if (red.length > 0 || pending.length === 0) {
      if (look > 0) await waited(run);
      return red.length > 0 ? redVerdict(sha, red) : { kind: "green" };
    }
    if (waitedMs >= run.ports.limits.ciHours * 60 * MINUTE_MS) return { kind: "late" };
    if (look === 0) await sayWaiting(run, pending);
    const minutes = LOOK_AGAIN_MINUTES[look] ?? 60;
    waitedMs += minutes * MINUTE_MS;
    const heard = await untilNews(run, minutes * MINUTE_MS);
    if (heard === "look") continue;
    await waited(run);
    return { kind: heard };
  }
}

async function read(run: RunContext, sha: Sha): Promise<readonly RequiredCheck[]> {
  const { request, runId } = run.input;
  const key = run.nextOrderKey();
  const branch = run.view.started.baseBranch;
  const seen = await run.steps.step(`read required checks ${key}`, async () => {
    const checks = await run.ports.github.requiredChecks(request.repo, { branch, sha });
    if (checks.length === 0) return { checks, events: [] };
    const red = checks.filter(({ state }) => state === "red");
    const pending = checks.some(({ state }) => state === "pending");
    const event = await run.ports.ledger.append(runId, `checks/${key}`, {
      type: "checks-read",
      sha,
      required: checks.map(({ name }) => name),
      state: red.length > 0 ? "red" : pending ? "pending" : "green",
      red: red.map(({ name, detail = "" }) => ({ name, detail: detail.slice(0, 2_000) })),
    });
    run.ports.status.touch(runId);
    return { checks, events: [event] };
  });
  run.adopt(seen.events);
  return seen.checks;
}

function redVerdict(sha: Sha, red: readonly RequiredCheck[]): CiVerdict {
  return {
    kind: "red",
    names: red.map(({ name }) => name),
    findings: red.map(({ name, detail = "" }) => redCheck(name, sha, detail)),
  };
}

async function sayWaiting(run: RunContext, pending: readonly string[]): Promise<void> {
  const key = run.nextOrderKey();
  const detail = checksAwaited(pending);
  await run.record(`waiting for ci ${key}`, {
    type: "waiting",
    wait: { for: "ci", detail },
    id: "ci",
  });
  await run.steps.step(`show waiting for ci ${key}`, () => run.ports.status.flush(run.input.runId));
}

async function waited(run: RunContext): Promise<void> {
  await run.record(`ci done ${run.nextOrderKey()}`, { type: "resumed", by: "CI", id: "ci" });
}

/**
 * Until CI says something, the time for another look comes, or the pull request or its branch changes. Several checks
 * that end together are one reason to look.
 */
async function untilNews(run: RunContext, timeoutMs: number): Promise<"look" | "moved" | "closed"> {
  for (let patience = timeoutMs; ; ) {
    const order = await run.steps.waitFor<Order>(ORDERS, { timeoutMs: patience });
    if (!order) return "look";
    if (order.kind === "checks") patience = 0;
    else if (order.kind === "pushed") return "moved";
    else if (order.kind === "pause") {
      if ((await paused(run, order.by)) === "closed") return "closed";
    } else keep(run, order);
    if (order.kind === "closed") return "closed";
  }
}
