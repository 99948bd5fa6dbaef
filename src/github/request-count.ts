import { AsyncLocalStorage } from "node:async_hooks";
import type { RunId } from "../domain/ids.ts";
import type { RequestCounts, RequestKind } from "../ports/stores.ts";

type Counts = Record<RequestKind, number>;

interface Scope {
  runId: RunId | undefined;
  /** Sent before the run was known. */
  readonly before: Counts;
  readonly counts: RequestCounts;
}

const scopes = new AsyncLocalStorage<Scope>();

/** Everything sent inside `work` counts for `runId`; without one, for the run that `assignRun` names later. */
export async function inRequestScope<T>(
  owner: { counts: RequestCounts; runId?: RunId },
  work: () => Promise<T>,
): Promise<T> {
  const before = { content: 0, edit: 0, other: 0 };
  return await scopes.run({ runId: owner.runId, before, counts: owner.counts }, work);
}

/** Says which run the current scope's requests belong to, those already sent included. */
export async function assignRun(runId: RunId): Promise<void> {
  const scope = scopes.getStore();
  if (scope === undefined || scope.runId !== undefined) return;
  scope.runId = runId;
  const { content, edit, other } = scope.before;
  if (content + edit + other > 0) await scope.counts.add(runId, scope.before);
}

/** Counts one request, durably before it is sent. */
export async function countRequest(kind: RequestKind): Promise<void> {
  const scope = scopes.getStore();
  if (scope === undefined) return;
  if (scope.runId === undefined) scope.before[kind] += 1;
  else await scope.counts.add(scope.runId, { content: 0, edit: 0, other: 0, [kind]: 1 });
}

/** The run of the current scope, for quotas. */
export function currentRun(): RunId | undefined {
  return scopes.getStore()?.runId;
}

const CONTENT =
  /^\/repos\/[^/]+\/[^/]+\/(?:issues|pulls|issues\/\d+\/comments|pulls\/\d+\/(?:comments|reviews|comments\/\d+\/replies))$/;

/** How a request counts (decisions.md): POSTs that make a comment, review, pull request or issue are content. */
export function kindOf(method: string, path: string): RequestKind {
  if (method === "POST" && CONTENT.test(path)) return "content";
  return method === "PATCH" || method === "PUT" ? "edit" : "other";
}
