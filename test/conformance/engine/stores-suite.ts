import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type RepoRef, RunId, Sha } from "../../../src/domain/ids.ts";
import type { LedgerFact } from "../../../src/domain/run/ledger-event.ts";
import type { EndedRuns, LedgerArchive } from "../../../src/ports/retention.ts";
import type { Questions, Runs } from "../../../src/ports/runs.ts";
import type { Effects, IssuedTokens, Ledger, RequestCounts } from "../../../src/ports/stores.ts";

export interface Stores {
  readonly ledger: Ledger & LedgerArchive;
  readonly runs: Runs & EndedRuns;
  readonly questions: Questions;
  readonly effects: Effects;
  readonly counts: RequestCounts;
  readonly tokens: IssuedTokens;
  readonly close: () => Promise<void>;
}

const REPO: RepoRef = { id: 7, owner: "acme", name: "service", installationId: 3 };
export const RUN = RunId.parse("7-12-r1");
const SECRET = "hunter2-hunter2";

export function redactSecret(text: string): string {
  return text.replaceAll(SECRET, "[secret]");
}

/** What every set of stores promises. `open` gives empty ones that redact `SECRET`. */
export function storesSuite(name: string, open: () => Promise<Stores>): void {
  describe(name, () => {
    const context = {} as { stores: Stores };
    beforeEach(async () => {
      context.stores = await open();
    });
    afterEach(async () => {
      await context.stores.close();
    });
    ledgerCases(context);
    runCases(context);
    retentionCases(context);
    questionCases(context);
    recordCases(context);
  });
}

interface Context {
  stores: Stores;
}

function note(text: string): LedgerFact {
  return { type: "note", text };
}

function ledgerCases(context: Context): void {
  test("numbers a run's facts without gaps, also when they come at once", async () => {
    const { ledger } = context.stores;
    const other = RunId.parse("7-13-r1");
    const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
    await Promise.all([
      ...keys.map((key) => ledger.append(RUN, key, note(key))),
      ledger.append(other, "k", note("elsewhere")),
    ]);
    const events = await ledger.read(RUN);
    expect(events.map(({ seq }) => seq)).toEqual(keys.map((_, index) => index + 1));
    expect(events.map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
    const times = events.map(({ at }) => at);
    expect(times).toEqual(times.toSorted());
    expect((await ledger.read(other)).map(({ seq }) => seq)).toEqual([1]);
    expect((await ledger.read(RUN, 18)).map(({ seq }) => seq)).toEqual([19, 20]);
  });

  test("F34: appends once per key, also at once, and gives the first event again", async () => {
    const { ledger } = context.stores;
    const events = await Promise.all(
      [1, 2, 3, 4].map((n) => ledger.append(RUN, "same", note(`try ${n}`))),
    );
    const [first] = events;
    expect(events).toEqual([first, first, first, first]);
    expect(await ledger.append(RUN, "same", note("later"))).toEqual(first);
    expect(await ledger.read(RUN)).toEqual([first]);
  });

  test("gives facts back as they were, secrets and unstorable characters taken out", async () => {
    const { ledger } = context.stores;
    const fact: LedgerFact = {
      type: "task-accepted",
      taskId: "unit-tests" as never,
      phase: "testing",
      summary: `key ${SECRET}, nul \u0000, half \uD83D, whole \u{1F680}`,
      sha: Sha.parse("a".repeat(40)),
    };
    const event = await ledger.append(RUN, "accepted", fact);
    const stored = { ...fact, summary: "key [secret], nul \uFFFD, half \uFFFD, whole \u{1F680}" };
    expect(event.fact).toEqual(stored);
    expect((await ledger.read(RUN))[0]?.fact).toEqual(stored);
  });
}

function retentionCases(context: Context): void {
  test("K7: an archived ledger reads as before, keeps its last report, and takes no more facts", async () => {
    const { ledger } = context.stores;
    for (const n of [1, 2, 3]) await ledger.append(RUN, `k${n}`, note(`fact ${n}`));
    const other = RunId.parse("7-13-r1");
    await ledger.append(other, "k", note("elsewhere"));
    const events = await ledger.read(RUN);
    await ledger.archive(RUN, { status: "complete", by: `x ${SECRET}` });
    await ledger.archive(RUN, { status: "blocked" });
    expect(await ledger.read(RUN)).toEqual(events);
    expect((await ledger.read(RUN, 2)).map(({ seq }) => seq)).toEqual([3]);
    expect(await ledger.lastReport(RUN)).toEqual({ status: "complete", by: "x [secret]" });
    await expect(ledger.append(RUN, "k4", note("late"))).rejects.toThrow("archived");
    expect((await ledger.append(other, "l", note("goes on"))).seq).toBe(2);
    expect(await ledger.lastReport(other)).toBeUndefined();
    await ledger.archive(RunId.parse("7-14-r1"), {});
    expect((await ledger.append(RunId.parse("7-14-r1"), "k", note("first"))).seq).toBe(1);
  });

  test("K7: ended runs are found by their leftovers until they are cleared, live ones never; their rows stay", async () => {
    const { runs } = context.stores;
    const later = { endedBefore: Date.now() + 3_600_000, limit: 10 };
    const { run } = await create(runs, "7:100");
    expect(await runs.withLeftovers("branches", later)).toEqual([]);
    await runs.end(run.runId);
    const next = await create(runs, "7:101");
    const ended = { ...run, state: "ended" };
    expect(await runs.withLeftovers("branches", later)).toEqual([ended]);
    expect(await runs.withLeftovers("branches", { ...later, endedBefore: 0 })).toEqual([]);
    await runs.cleared(run.runId, "branches");
    expect(await runs.withLeftovers("branches", later)).toEqual([]);
    expect(await runs.withLeftovers("workflows", later)).toEqual([ended]);
    expect(await runs.withLeftovers("ledger", later)).toEqual([ended]);
    await runs.end(next.run.runId);
    expect((await runs.withLeftovers("ledger", { ...later, limit: 1 }))[0]?.runId).toBe(run.runId);
    expect(await create(runs, "7:100")).toEqual({ kind: "existing", run: ended });
  });
}

function create(runs: Runs, commentKey: string, issue = 12): ReturnType<Runs["create"]> {
  return runs.create({
    repo: REPO,
    issue,
    requestedBy: "maria",
    commentKey,
    runBranch: (n) => `orchestrate/${issue}-x-r${n}/main`,
  });
}

function runCases(context: Context): void {
  test("makes one run per comment and one live run per issue, also at once", async () => {
    const { runs } = context.stores;
    const same = await Promise.all([1, 2, 3].map(() => create(runs, "7:100")));
    expect(same.map(({ kind }) => kind).toSorted()).toEqual(["created", "existing", "existing"]);
    const others = await Promise.all([create(runs, "7:101"), create(runs, "7:102")]);
    expect(others.map(({ kind }) => kind)).toEqual(["live", "live"]);
    expect(others[0].run).toEqual(same[0]?.run);
    expect(await runs.allLive()).toHaveLength(1);
    expect(same[0]?.run).toMatchObject({
      runId: "7-12-r1",
      repo: REPO,
      issue: 12,
      n: 1,
      requestedBy: "maria",
      runBranch: "orchestrate/12-x-r1/main",
      state: "live",
    });
  });

  test("numbers an issue's runs one after another; an old comment finds its own run", async () => {
    const { runs } = context.stores;
    const first = await create(runs, "7:100");
    await runs.end(first.run.runId);
    const second = await create(runs, "7:101");
    expect(second).toMatchObject({ kind: "created", run: { runId: "7-12-r2", n: 2 } });
    const again = await create(runs, "7:100");
    expect(again).toMatchObject({ kind: "existing", run: { runId: "7-12-r1", state: "ended" } });
    expect((await create(runs, "7:200", 13)).run.runId).toBe("7-13-r1");
  });

  test("finds runs by id, by issue and by pull request, live or latest", async () => {
    const { runs } = context.stores;
    const { run } = await create(runs, "7:100");
    await runs.setPullRequest(run.runId, 45);
    const withPull = { ...run, pullRequest: 45 };
    expect(await runs.get(run.runId)).toEqual(withPull);
    expect(await runs.live(REPO.id, 12)).toEqual(withPull);
    expect(await runs.live(REPO.id, 45)).toEqual(withPull);
    expect(await runs.live(8, 45)).toBeUndefined();
    await runs.end(run.runId);
    await runs.end(run.runId);
    expect(await runs.live(REPO.id, 45)).toBeUndefined();
    expect(await runs.latest(REPO.id, 45)).toEqual({ ...withPull, state: "ended" });
    const other = await create(runs, "7:300", 14);
    expect(await runs.withPullRequest(REPO.id)).toEqual([{ ...withPull, state: "ended" }]);
    await runs.setPullRequest(other.run.runId, 46);
    const pulls = (await runs.withPullRequest(REPO.id)).map(({ pullRequest }) => pullRequest);
    expect(pulls).toEqual([46, 45]);
    expect(await runs.withPullRequest(8)).toEqual([]);
    await runs.end(other.run.runId);
    const next = await create(runs, "7:101");
    expect((await runs.latest(REPO.id, 12))?.runId).toBe(next.run.runId);
    expect(await runs.get(RunId.parse("7-99-r1"))).toBeUndefined();
    expect(await runs.allLive()).toEqual([next.run]);
  });
}

function questionCases(context: Context): void {
  const draft = {
    text: `Which store? ${SECRET}`,
    options: [
      { key: "a", label: "Postgres", consequence: "one more service" },
      { key: "b", label: "memory", consequence: "lost at restart" },
    ],
    recommended: "a",
  };

  test("numbers questions within their run, once per key, also at once", async () => {
    const { questions } = context.stores;
    const asked = await Promise.all([1, 2, 3].map(() => questions.ask(RUN, "store", draft)));
    expect(asked.map(({ number }) => number)).toEqual([1, 1, 1]);
    expect(asked[0]?.question.text).toBe("Which store? [secret]");
    expect((await questions.ask(RUN, "other", draft)).number).toBe(2);
    expect((await questions.ask(RunId.parse("7-13-r1"), "store", draft)).number).toBe(1);
  });

  test("F43, M-04: takes the first answer only and lists what is open", async () => {
    const { questions } = context.stores;
    const first = await questions.ask(RUN, "store", draft);
    await questions.ask(RUN, "other", draft);
    await questions.setComment(RUN, first.number, 900);
    expect(await questions.open(RUN)).toMatchObject([{ number: 1, commentId: 900 }, { number: 2 }]);
    const answer = { by: "maria", text: "a" };
    const took = await Promise.all([1, 2, 3].map(() => questions.answer(RUN, 1, answer)));
    expect(took.filter(Boolean)).toHaveLength(1);
    expect(await questions.answer(RUN, 9, answer)).toBe(false);
    expect((await questions.open(RUN)).map(({ number }) => number)).toEqual([2]);
  });
}

function recordCases(context: Context): void {
  test("remembers what an effect made", async () => {
    const { effects } = context.stores;
    expect(await effects.get("comment/1")).toBeUndefined();
    await effects.put("comment/1", "900");
    await effects.put("comment/1", "901");
    expect(await effects.get("comment/1")).toBe("901");
  });

  test("adds up requests per run", async () => {
    const { counts } = context.stores;
    const one = { content: 1, edit: 0, other: 2 };
    await Promise.all([counts.add(RUN, one), counts.add(RUN, one), counts.add(RUN, one)]);
    expect(await counts.read(RUN)).toEqual({ content: 3, edit: 0, other: 6 });
    expect(await counts.read(RunId.parse("7-13-r1"))).toEqual({ content: 0, edit: 0, other: 0 });
  });

  test("lists the tokens that are out, oldest first", async () => {
    const { tokens } = context.stores;
    const at = ["2026-01-01T00:00:00.000Z", "2026-01-01T00:00:01.000Z"] as const;
    const expiresAt = "2026-01-01T01:00:00.000Z";
    await tokens.intend({ id: "one", repository: "acme/service", at: at[0] });
    await tokens.intend({ id: "two", repository: "acme/service", at: at[1] });
    await tokens.issued("two", { sealed: "x1", expiresAt });
    expect(await tokens.outstanding()).toEqual([
      { id: "one", at: at[0] },
      { id: "two", at: at[1], sealed: "x1", expiresAt },
    ]);
    await tokens.revoked("one");
    expect((await tokens.outstanding()).map(({ id }) => id)).toEqual(["two"]);
  });
}
