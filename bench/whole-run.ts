import type { LedgerEvent } from "../src/domain/run/ledger-event.ts";
import type { Happening } from "./happenings.ts";
import { countRequests, type Requests } from "./requests.ts";
import type { BenchApp, BenchStage } from "./stage.ts";

const LIMIT_MS = 15 * 60_000;
const ENDS: readonly string[] = ["run-completed", "run-failed", "blocked", "run-cancelled"];

export interface WholeRun {
  /** From the moment a person sends the comment to the run's completion in the ledger. */
  readonly wallMs: number;
  readonly requests: Requests;
  readonly facts: readonly Happening<{ runId: string; event: LedgerEvent }>[];
}

/** Starts a run by a comment on a new issue of the first place and waits for it to complete. Any other end throws. */
export async function completeRun(of: {
  stage: BenchStage;
  app: BenchApp;
  title: string;
  body: string;
  task: string;
}): Promise<WholeRun> {
  const { stage, app, title, body, task } = of;
  const repository = stage.places[0]?.repository ?? "";
  const person = stage.hub.as(stage.places[0]?.people[0] ?? "");
  const issue = await person.openIssue(repository, { title, body });
  const counted = countRequests(stage);
  const begun = performance.now();
  const comment = await person.comment(repository, issue.number, `/orchestrate ${task}`);
  const started = await app.facts.first(
    ({ event: { fact } }) => fact.type === "run-started" && fact.commentId === comment.id,
    `the run on ${title} to start`,
  );
  const { runId } = started.value;
  const ended = await app.facts.nth(
    1,
    (value) => value.runId === runId && ENDS.includes(value.event.fact.type),
    { what: `the run on ${title} to end`, limitMs: LIMIT_MS },
  );
  const { fact } = ended.value.event;
  if (fact.type !== "run-completed")
    throw new Error(`The run on ${title} was to complete, but: ${JSON.stringify(fact)}`);
  const requests = await counted();
  const facts = app.facts.all.filter(({ value }) => value.runId === runId);
  return { wallMs: ended.at - begun, requests, facts };
}
