import { type Act, gitOf, stamp } from "../context.ts";
import { notFound } from "../errors.ts";
import { readCommit } from "../git/read.ts";
import { suiteInWebhook } from "../render/checks.ts";
import type { CheckSuite } from "../store/check-records.ts";

export interface SuiteHead {
  sha: string;
  branch: string | null;
  before: string | null;
}

/** The suite of an app on a commit; made without telling anyone when there is none yet. */
export function suiteFor(
  act: Pick<Act, "hub" | "repo">,
  appId: number,
  head: SuiteHead,
): { suite: CheckSuite; created: boolean } {
  const { hub, repo } = act;
  const known = hub.store.checkSuites.find(
    (s) => s.repoId === repo.id && s.appId === appId && s.headSha === head.sha,
  );
  if (known !== undefined) return { suite: known, created: false };
  const suite = hub.store.checkSuites.insert({
    repoId: repo.id,
    appId,
    headSha: head.sha,
    headBranch: head.branch,
    beforeSha: head.before,
    createdAt: stamp(hub),
    updatedAt: stamp(hub),
    rerequestable: true,
  });
  return { suite, created: true };
}

/**
 * docs.github.com/rest/checks/suites: when code is pushed, GitHub makes a suite for every app that may
 * write checks, and sends it `check_suite.requested`.
 */
export async function ensureSuites(act: Act, head: SuiteHead): Promise<void> {
  const { hub, repo } = act;
  for (const app of hub.store.apps.all()) {
    const installation = hub.store.installationOn(app.id, repo);
    const writes = installation?.permissions["checks"] === "write";
    if (!writes || installation.suspendedAt !== null) continue;
    const { suite, created } = suiteFor(act, app.id, head);
    if (created) await announceSuite(act, suite, "requested");
  }
}

/** An act of which only who did it is told. */
export type SuiteAct = Pick<Act, "hub" | "repo"> & { by: Pick<Act["by"], "account"> };

export async function announceSuite(
  act: SuiteAct,
  suite: CheckSuite,
  action: "requested" | "rerequested" | "completed",
): Promise<void> {
  const { hub, repo, by } = act;
  const commit = await readCommit(gitOf(hub, repo), suite.headSha);
  if (commit === undefined) return;
  hub.emit({
    event: "check_suite",
    action,
    sender: by.account,
    repo,
    payload: { check_suite: suiteInWebhook(hub, suite, commit) },
    ...(action === "completed" ? {} : { onlyAppId: suite.appId }),
  });
}

export function suiteOf(act: Pick<Act, "hub" | "repo">, id: number): CheckSuite {
  const suite = act.hub.store.checkSuites.get(id);
  if (suite === undefined || suite.repoId !== act.repo.id) throw notFound();
  return suite;
}
