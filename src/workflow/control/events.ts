import { readOwnBranch } from "../../domain/branch-name.ts";
import { RunId, runId } from "../../domain/ids.ts";
import { foldRun } from "../../domain/run/fold.ts";
import { type RunView, TERMINAL_STATES } from "../../domain/run/run.ts";
import type { Happening } from "../../ports/control.ts";
import type { RunRow } from "../../ports/runs.ts";
import { pullRequestGone } from "../../reports/reasons.ts";
import { ORDERS, type Order } from "../people/orders.ts";
import type { ControlPorts } from "./control.ts";

/** What concerns one run at most. */
type Single = Exclude<Happening, { kind: "base" }>;
type Of<K extends Happening["kind"]> = Extract<Happening, { kind: K }>;

/** What GitHub tells about a run's pull request, branch and checks, as an order to the run; once per delivery. */
export async function happened(
  ports: ControlPorts,
  happening: Happening,
): Promise<string | undefined> {
  if (happening.kind === "base") return baseMoved(ports, happening);
  const row = await runOf(ports, happening);
  if (!row || (await ports.engine.state(row.runId)) !== "running") return undefined;
  const events = await ports.ledger.read(row.runId);
  if (events.length === 0) return undefined;
  const view = foldRun(events);
  switch (happening.kind) {
    case "closed":
      return closed(ports, view, happening);
    case "pushed":
      return pushed(ports, view, happening);
    case "checks":
      return checked(ports, view, happening);
    case "half":
      return half(ports, view, happening);
    case "giver":
      return giver(ports, view, happening);
  }
}

/** Every run on that branch that has a pull request looks whether it still merges: GitHub tells nobody when it does not. */
async function baseMoved(ports: ControlPorts, happening: Of<"base">): Promise<string | undefined> {
  const { repo, branch, by, deliveryId } = happening;
  const told: RunId[] = [];
  for (const { runId: id } of await ports.runs.withPullRequest(repo.id)) {
    if ((await ports.engine.state(id)) !== "running") continue;
    const [first] = await ports.ledger.read(id);
    if (first?.fact.type !== "run-started" || first.fact.baseBranch !== branch) continue;
    await tell(ports, id, { order: { kind: "base", by }, deliveryId });
    told.push(id);
  }
  return told.length === 0 ? undefined : `told of ${branch}: ${told.join(", ")}`;
}

async function runOf(ports: ControlPorts, happening: Single): Promise<RunRow | undefined> {
  const { repo } = happening;
  if (happening.kind === "checks") {
    const branch = readOwnBranch(happening.branch);
    if (branch?.leaf !== "main") return undefined;
    return ports.runs.get(runId({ repositoryId: repo.id, issue: branch.issue, n: branch.n }));
  }
  if (happening.kind === "half") {
    const named = RunId.safeParse(happening.run);
    const row = named.success ? await ports.runs.get(named.data) : undefined;
    return row?.repo.id === repo.id && row.issue === happening.issue ? row : undefined;
  }
  if (happening.kind === "giver") return ports.runs.latest(repo.id, happening.issue);
  const row = await ports.runs.latest(repo.id, happening.pullRequest);
  return row?.pullRequest === happening.pullRequest ? row : undefined;
}

/** A run at work ends with its pull request, its agents at once; one that stands by has nothing more to wait for. */
async function closed(
  ports: ControlPorts,
  view: RunView,
  { by, merged, pullRequest, deliveryId }: Of<"closed">,
): Promise<string> {
  const what = merged ? "merged" : "closed";
  if (TERMINAL_STATES.includes(view.state)) {
    await tell(ports, view.runId, { order: { kind: "closed", by, merged }, deliveryId });
    return `${view.runId} is over: its pull request was ${what}`;
  }
  const fact = { type: "pull-request-closed", number: pullRequest, merged, by } as const;
  await ports.ledger.append(view.runId, `closed/${deliveryId}`, fact);
  const reason = pullRequestGone(what, pullRequest);
  await cancelRun(ports, view.runId, { by, reason });
  return `${view.runId} was ended: its pull request was ${what}`;
}

async function pushed(
  ports: ControlPorts,
  view: RunView,
  { by, sha, deliveryId }: Of<"pushed">,
): Promise<string> {
  if ([...view.branches.values()].some((known) => known === sha)) return "our own push";
  await tell(ports, view.runId, { order: { kind: "pushed", by }, deliveryId });
  return `${view.runId} was told of ${sha.slice(0, 7)}`;
}

/**
 * Every run at work is told of checks on its head: one that is about to wait for them may have looked just before. Who
 * does not wait for checks takes no notice.
 */
async function checked(
  ports: ControlPorts,
  view: RunView,
  { sha, deliveryId }: Of<"checks">,
): Promise<string> {
  if (TERMINAL_STATES.includes(view.state) || view.headSha !== sha)
    return `${view.runId} does not wait for checks of ${sha.slice(0, 7)}`;
  await tell(ports, view.runId, { order: { kind: "checks" }, deliveryId });
  return `${view.runId} looks at its checks`;
}

/** Only an orchestrator to which the run handed a half can report it; what is known already wakes nobody. */
async function half(
  ports: ControlPorts,
  view: RunView,
  { by, to, state, url, deliveryId }: Of<"half">,
): Promise<string | undefined> {
  const known = view.handOffs.find((one) => one.record.to === to);
  if (known === undefined) return undefined;
  if (known.state === state && known.url === url) return `${view.runId} knows that already`;
  const more = url === undefined ? {} : { url };
  await tell(ports, view.runId, { order: { kind: "half", by, to, state, ...more }, deliveryId });
  return `${view.runId} was told that the half of ${to} is ${state}`;
}

async function giver(
  ports: ControlPorts,
  view: RunView,
  { by, from, run, state, deliveryId }: Of<"giver">,
): Promise<string | undefined> {
  const { handOff } = view.started;
  if (handOff?.from !== from || handOff.run !== run) return undefined;
  if ((view.giver?.state ?? "accepted") === state) return `${view.runId} knows that already`;
  await tell(ports, view.runId, { order: { kind: "half", by, to: from, state }, deliveryId });
  return `${view.runId} was told that the half of ${from} is ${state}`;
}

async function tell(
  ports: ControlPorts,
  run: RunId,
  told: { order: Order; deliveryId: string },
): Promise<void> {
  const { order, deliveryId } = told;
  await ports.engine.send({
    key: run,
    topic: ORDERS,
    body: order,
    idempotencyKey: `${order.kind}/${run}/${deliveryId}`,
  });
}

/** Stops a run with everything it has under way, and says so. Its branches stay. */
export async function cancelRun(
  ports: ControlPorts,
  run: RunId,
  why: { by: string; reason: string },
): Promise<void> {
  const { engine, ledger, runs, status, workspaces } = ports;
  const begun = (await ledger.read(run)).length > 0;
  if (begun)
    await ledger.append(run, "stop ordered", { type: "stop-ordered", by: why.by, how: "cancel" });
  await engine.cancel(run);
  if (begun) await ledger.append(run, "cancelled", { type: "run-cancelled", ...why });
  await runs.end(run);
  // An agent that is just being killed may still write; its dispatch removes the rest.
  await workspaces.removeRun(run).catch(() => undefined);
  // It is cancelled, whether or not GitHub can show it now; the publisher tries again by itself.
  await status.flush(run).catch(() => undefined);
}
