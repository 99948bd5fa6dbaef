import type { RepoRef, Sha } from "../domain/ids.ts";
import type { RequiredCheck } from "../ports/github.ts";
import { CHECK_NAME } from "./checks.ts";
import { ACTIONS_SLUG, jobLog } from "./job-log.ts";
import {
  Annotations,
  BranchRules,
  type CheckRun,
  CheckRuns,
  CombinedStatus,
  ProtectedBranch,
} from "./schemas.ts";
import { at, type World } from "./world.ts";

/** A check that a branch requires; `appId` is set when only that app may report it. */
interface Wanted {
  readonly context: string;
  readonly appId: number | undefined;
}

const GREEN: readonly string[] = ["success", "neutral", "skipped"];
const SUMMARY_LIMIT = 3_000;
const TEXT_LIMIT = 3_000;
const MOST_ANNOTATIONS = 20;

/** The checks that `branch` requires by protection or rulesets, as they stand on `sha`; empty when there are none. */
export async function requiredChecks(
  world: World,
  repo: RepoRef,
  where: { branch: string; sha: Sha },
): Promise<readonly RequiredCheck[]> {
  const wanted = await required(world, repo, where.branch);
  if (wanted.length === 0) return [];
  const [runs, statuses] = await Promise.all([
    runsOn(world, repo, where.sha),
    statusesOn(world, repo, where.sha),
  ]);
  const checks: RequiredCheck[] = [];
  for (const one of wanted) {
    const run = runs.find(({ name, app }) => name === one.context && mayReport(one, app?.id));
    if (run) checks.push(await fromRun(world, repo, run));
    else {
      const status = statuses.find(({ context }) => context === one.context);
      checks.push(fromStatus(one.context, one.appId === undefined ? status : undefined));
    }
  }
  return checks;
}

function mayReport(wanted: Wanted, appId: number | undefined): boolean {
  return wanted.appId === undefined || wanted.appId === appId;
}

/** Branch protection and rulesets, both as far as they can be read without administration rights. */
async function required(world: World, repo: RepoRef, branch: string): Promise<Wanted[]> {
  const octokit = world.client(repo);
  const [protection, rules] = await Promise.all([
    octokit.rest.repos.getBranch({ ...at(repo), branch }),
    octokit.rest.repos.getBranchRules({ ...at(repo), branch, per_page: 100 }),
  ]);
  const own = ProtectedBranch.parse(protection.data).protection?.required_status_checks;
  const found: Wanted[] = [];
  for (const { context, app_id: id } of own?.checks ?? [])
    found.push({ context, appId: id === -1 ? undefined : (id ?? undefined) });
  for (const context of own?.contexts ?? [])
    if (!found.some((one) => one.context === context)) found.push({ context, appId: undefined });
  for (const { type, parameters } of BranchRules.parse(rules.data)) {
    if (type !== "required_status_checks") continue;
    for (const { context, integration_id: id } of parameters?.required_status_checks ?? [])
      if (!found.some((one) => one.context === context))
        found.push({ context, appId: id ?? undefined });
  }
  return found.filter(({ context }) => context !== CHECK_NAME);
}

/** The newest run of each name that is not ours. */
async function runsOn(world: World, repo: RepoRef, sha: Sha): Promise<CheckRun[]> {
  const octokit = world.client(repo);
  const found: CheckRun[] = [];
  const pages = octokit.paginate.iterator(octokit.rest.checks.listForRef, {
    ...at(repo),
    ref: sha,
    filter: "latest",
    per_page: 100,
  });
  for await (const page of pages) {
    // The iterator takes a list out of its envelope; its type says both.
    const data: unknown = page.data;
    found.push(...CheckRuns.parse(Array.isArray(data) ? { check_runs: data } : data).check_runs);
  }
  return found.filter(({ app }) => app?.id !== world.appId).toSorted((a, b) => b.id - a.id);
}

async function statusesOn(
  world: World,
  repo: RepoRef,
  sha: Sha,
): Promise<{ context: string; state: string; description?: string | null | undefined }[]> {
  const { data } = await world
    .client(repo)
    .rest.repos.getCombinedStatusForRef({ ...at(repo), ref: sha, per_page: 100 });
  return CombinedStatus.parse(data).statuses;
}

async function fromRun(world: World, repo: RepoRef, run: CheckRun): Promise<RequiredCheck> {
  const { name } = run;
  if (run.status !== "completed") return { name, state: "pending" };
  if (GREEN.includes(run.conclusion ?? "")) return { name, state: "green" };
  return { name, state: "red", detail: await detailOf(world, repo, run) };
}

function fromStatus(
  name: string,
  status: { state: string; description?: string | null | undefined } | undefined,
): RequiredCheck {
  if (status === undefined || status.state === "pending") return { name, state: "pending" };
  if (status.state === "success") return { name, state: "green" };
  return { name, state: "red", detail: `${status.state}: ${status.description ?? "no words"}` };
}

async function detailOf(world: World, repo: RepoRef, run: CheckRun): Promise<string> {
  const { title, summary, text, annotations_count: count = 0 } = run.output ?? {};
  const parts = [
    `conclusion ${run.conclusion ?? "unknown"}${title ? `: ${title}` : ""}`,
    (summary ?? "").slice(0, SUMMARY_LIMIT),
    (text ?? "").slice(-TEXT_LIMIT),
  ];
  if (count > 0) {
    const { data } = await world.client(repo).rest.checks.listAnnotations({
      ...at(repo),
      check_run_id: run.id,
      per_page: MOST_ANNOTATIONS,
    });
    for (const { path, start_line: line, annotation_level: level, message } of Annotations.parse(
      data,
    ))
      parts.push(`${path}:${line}: ${level ?? "notice"}: ${message ?? ""}`);
  }
  if (run.app?.slug === ACTIONS_SLUG)
    parts.push(`The end of its log:\n${await jobLog(world, repo, run.id)}`);
  return parts.filter((part) => part.trim() !== "").join("\n");
}
