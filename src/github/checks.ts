import type { RepoRef } from "../domain/ids.ts";
import type { CheckRunContent } from "../ports/github.ts";
import { clip } from "../reports/markdown.ts";
import { once, repeatable } from "./once.ts";
import { CheckRuns } from "./schemas.ts";
import { at, effectKey, type World } from "./world.ts";

/** The name under which our check run stands on a commit. */
export const CHECK_NAME = "orchestrate";
const SUMMARY_LIMIT = 65_535;

/** Creates or updates the run's one check run on this commit, found by the run's id. */
export async function putCheckRun(
  world: World,
  repo: RepoRef,
  check: CheckRunContent,
): Promise<void> {
  const key = effectKey(repo, `check/${check.runId}/${check.headSha}`);
  const content = contentOf(world, check);
  await world.exclusively(key, async () => {
    let made = false;
    const known = Number(await world.effects.get(key));
    const id =
      known > 0
        ? known
        : await once(world.clock, {
            find: async () => await find(world, repo, check),
            create: async () => {
              made = true;
              return await create(world, repo, { check, content });
            },
          });
    if (known !== id) await world.effects.put(key, String(id));
    if (made) return;
    await repeatable(world.clock, async () => {
      await world.client(repo).rest.checks.update({ ...at(repo), check_run_id: id, ...content });
    });
  });
}

type Content = ReturnType<typeof contentOf>;

function contentOf(world: World, check: CheckRunContent) {
  const where = `check run of ${check.runId}`;
  return {
    status: check.status,
    ...(check.conclusion === undefined ? {} : { conclusion: check.conclusion }),
    output: {
      title: world.publisher.title(check.title, where),
      summary: world.publisher.body(check.summary, where, SUMMARY_LIMIT),
    },
    actions: check.actions.slice(0, 3).map(({ label, description, identifier }) => ({
      label: clip(label, 20),
      description: clip(description, 40),
      identifier: clip(identifier, 20),
    })),
  };
}

async function find(
  world: World,
  repo: RepoRef,
  check: CheckRunContent,
): Promise<number | undefined> {
  const { data } = await world.client(repo).rest.checks.listForRef({
    ...at(repo),
    ref: check.headSha,
    check_name: CHECK_NAME,
    per_page: 100,
  });
  const { check_runs: runs } = CheckRuns.parse(data);
  return runs.find(({ external_id: id, app }) => id === check.runId && app?.id === world.appId)?.id;
}

async function create(
  world: World,
  repo: RepoRef,
  made: { check: CheckRunContent; content: Content },
): Promise<number> {
  const { data } = await world.client(repo).rest.checks.create({
    ...at(repo),
    name: CHECK_NAME,
    head_sha: made.check.headSha,
    external_id: made.check.runId,
    ...made.content,
  });
  return data.id;
}
