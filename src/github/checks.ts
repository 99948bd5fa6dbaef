import { createHash } from "node:crypto";
import { z } from "zod";
import type { RepoRef } from "../domain/ids.ts";
import type { CheckRunContent } from "../ports/github.ts";
import { SUPERSEDED } from "../reports/check-run.ts";
import { clip } from "../reports/markdown.ts";
import { once, repeatable } from "./once.ts";
import { Annotations, CheckRuns } from "./schemas.ts";
import { at, effectKey, type World } from "./world.ts";

/** The name under which our check run stands on a commit. */
export const CHECK_NAME = "orchestrate";
const SUMMARY_LIMIT = 65_535;
const MESSAGE_LIMIT = 8_000;
/** GitHub takes so many annotations with one request, and adds them to those that are there. */
const BATCH = 50;

type Annotation = NonNullable<CheckRunContent["annotations"]>[number];

/** Which check run stands for the run: `id` 0 while the answer to its creation is awaited. */
const Standing = z.object({ sha: z.string(), id: z.number().int(), open: z.boolean() });
type Standing = z.infer<typeof Standing>;

/**
 * Creates or updates the run's one check run on this commit. When the run's head has moved, the check run on the former
 * head is closed as superseded, so that only one is ever open.
 */
export async function putCheckRun(
  world: World,
  repo: RepoRef,
  check: CheckRunContent,
): Promise<void> {
  const key = effectKey(repo, `check/${check.runId}`);
  await world.exclusively(key, async () => {
    const known = await standing(world, key);
    if (known?.open && known.sha !== check.headSha) await supersede(world, repo, known);
    const here = known?.sha === check.headSha ? known : undefined;
    const content = contentOf(world, check);
    if (here && here.id > 0) {
      await update(world, repo, { id: here.id, content });
      await remember(world, key, { ...here, open: check.status !== "completed" });
      await annotate(world, repo, { check, id: here.id, content });
      return;
    }
    const intended = { sha: check.headSha, id: 0, open: true };
    if (!here) await remember(world, key, intended);
    const id = await once(world.clock, {
      find: async () => await find(world, repo, check),
      create: async () => await create(world, repo, { check, content }),
      ...(here ? {} : { known: "nothing" as const }),
    });
    await remember(world, key, { ...intended, id, open: check.status !== "completed" });
    await annotate(world, repo, { check, id, content });
  });
}

async function standing(world: World, key: string): Promise<Standing | undefined> {
  const text = await world.effects.get(key);
  return text === undefined ? undefined : Standing.parse(JSON.parse(text));
}

async function remember(world: World, key: string, now: Standing): Promise<void> {
  await world.effects.put(key, JSON.stringify(now));
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

async function update(
  world: World,
  repo: RepoRef,
  made: { id: number; content: Partial<Content> },
): Promise<void> {
  await repeatable(world.clock, async () => {
    await world
      .client(repo)
      .rest.checks.update({ ...at(repo), check_run_id: made.id, ...made.content });
  });
}

/** The former head's check run ends neutral: the work goes on elsewhere. */
async function supersede(world: World, repo: RepoRef, old: Standing): Promise<void> {
  if (old.id === 0) return;
  const where = "superseded check run";
  await update(world, repo, {
    id: old.id,
    content: {
      status: "completed",
      conclusion: "neutral",
      output: {
        title: world.publisher.title(SUPERSEDED.title, where),
        summary: world.publisher.body(SUPERSEDED.summary, where),
      },
      actions: [],
    },
  });
}

/**
 * Sends what was not sent yet, in batches. Before each the intent is noted; after a crash in between, GitHub's own
 * list tells what arrived.
 */
async function annotate(
  world: World,
  repo: RepoRef,
  put: { check: CheckRunContent; id: number; content: Content },
): Promise<void> {
  const wanted = put.check.annotations ?? [];
  if (wanted.length === 0) return;
  const key = effectKey(repo, `check/${put.check.runId}/${put.check.headSha}/annotations`);
  const sent = await alreadySent(world, repo, { key, id: put.id });
  const missing = wanted.filter((one) => !sent.has(digest(one)));
  for (let from = 0; from < missing.length; from += BATCH) {
    const batch = missing.slice(from, from + BATCH);
    await world.effects.put(key, `${[...sent].join(",")}?`);
    await world.client(repo).rest.checks.update({
      ...at(repo),
      check_run_id: put.id,
      output: { ...put.content.output, annotations: batch.map((one) => annotationOf(world, one)) },
    });
    for (const one of batch) sent.add(digest(one));
    await world.effects.put(key, [...sent].join(","));
  }
}

function annotationOf(world: World, one: Annotation) {
  return {
    path: one.path,
    start_line: Math.max(1, one.line),
    end_line: Math.max(1, one.line),
    annotation_level: one.level,
    message: world.publisher.body(one.message, "annotation", MESSAGE_LIMIT),
  };
}

async function alreadySent(
  world: World,
  repo: RepoRef,
  of: { key: string; id: number },
): Promise<Set<string>> {
  const known = (await world.effects.get(of.key)) ?? "";
  if (!known.endsWith("?")) return new Set(known.split(",").filter((hash) => hash !== ""));
  const octokit = world.client(repo);
  const listed = await octokit.paginate(octokit.rest.checks.listAnnotations, {
    ...at(repo),
    check_run_id: of.id,
    per_page: 100,
  });
  return new Set(
    Annotations.parse(listed).map(({ path, start_line: line, message }) =>
      digest({ path, line, message: message ?? "" }),
    ),
  );
}

function digest(one: Pick<Annotation, "path" | "line" | "message">): string {
  const text = `${one.path}\n${Math.max(1, one.line)}\n${clip(one.message, MESSAGE_LIMIT)}`;
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
