import { describe, expect, test } from "vitest";
import { foldRun } from "../../../src/domain/run/fold.ts";
import type { LedgerEvent } from "../../../src/domain/run/ledger-event.ts";
import type { RunView } from "../../../src/domain/run/run.ts";
import { statusReport } from "../../../src/domain/status-schema.ts";
import { checkRun } from "../../../src/reports/check-run.ts";
import { pullRequestBody } from "../../../src/reports/pull-request-body.ts";
import { stateSentence } from "../../../src/reports/state.ts";
import { statusComment } from "../../../src/reports/status-comment.ts";
import { statusReply } from "../../../src/reports/status-reply.ts";
import { whatIsWanted } from "../../../src/reports/wanted.ts";
import { breaks, issue, tries } from "../../helpers/loop-acts.ts";
import { runWith } from "../../helpers/play-run.ts";
import { viewOf } from "../../helpers/run-facts.ts";
import { reviewed } from "../../helpers/scripted-acts.ts";
import type { SmallWorld } from "../../helpers/small-world.ts";
import { successClaims } from "../../helpers/success-words.ts";
import { BLOCKED, COMPLETED, OPENED } from "./sentences/examples.ts";
import type { Said } from "./sentences/said.ts";
import { SITUATIONS } from "./sentences/situations.ts";

const WEB = { webUrl: "http://127.0.0.1" };

/** A claim is allowed where the same words name the commit that was verified. */
const PROOF =
  /\b(?:passed|verified) on [0-9a-f]{7}\b|Addressed in [0-9a-f]{40}[^]*passed on that commit/;

/** Sentences that repeat what is not the run's own: why each may. */
const OTHERS: Readonly<Record<string, string>> = {
  offerOver: "the other installation's word about its half",
  replyComment: "the state of its half, in a record for the other installation",
  halfDone: "the other installation's word about its half, with its name",
  otherHalves: "the other installation's word about its half, with its name",
  brokenSince: "an earlier commit, on which the suite was run",
  conflictBlocks: "why an attempt is not made again",
  halfComplete: "the other installation's word about its half, with its name",
  ACTIONS: "what somebody wanted to do",
  phasesOpen: "it says of phases that they are not",
  notFinished: "it says of a phase that it is not",
  suppliedLine: "how many checkpoints lie behind, each of which has its evidence",
  verifiedWords: "the exit code of a command, with the commit it ran on",
  checkpointQuestion: "what a batch brought, with the evidence of its commit",
  checkpointLine: "the exit code of a command, with the commit it ran on",
  stoppedAtCheckpoint: "what a retry does not repeat",
};

/** Only in the state complete. */
const OF_COMPLETE = /^Pull request #14 is ready for you\./;

function unproven(said: readonly Said[]): string[] {
  return said
    .filter(({ name, text }) => !PROOF.test(text) && !(name in OTHERS) && !OF_COMPLETE.test(text))
    .flatMap(({ name, text }) => successClaims(text).map((claim) => `${name}: ${claim}`));
}

/** Everything that is said about a run as a whole, in one state. */
function renderings(view: RunView): string[] {
  const check = checkRun(view);
  return [
    stateSentence(view),
    whatIsWanted(view) ?? "",
    statusComment(view, WEB),
    statusReply(view, WEB),
    pullRequestBody(view),
    `${check?.conclusion ?? ""} ${check?.title ?? ""}\n${check?.summary ?? ""}`,
  ];
}

function claimsIn(view: RunView): string[] {
  const { status } = statusReport(view);
  const wrong = renderings(view).flatMap(successClaims);
  return status === "complete" ? [...wrong, 'the report says "complete"'] : wrong;
}

describe("N7: no word of success before N1", () => {
  test("N7: every sentence that the bot can say claims success only with the verified commit beside it", () => {
    const all = SITUATIONS.flatMap(({ said }) => said);
    expect(all.length).toBeGreaterThan(150);
    expect(unproven(all)).toEqual([]);
    const used = new Set(all.map(({ name }) => name));
    expect(Object.keys(OTHERS).filter((name) => !used.has(name))).toEqual([]);
  });

  test.each([
    "All done, the endpoint works.",
    "The build passed.",
    "Task handler is complete.",
    "✅ Reviewed",
    "The tests are green.",
    "It has been fixed and verified.",
    "Successfully integrated handler.",
    "Pull request #14 is ready.",
  ])("N7: the lint finds what is wrong: %s", (text) => {
    expect(unproven([{ sentence: undefined, name: "wrong", text }])).not.toEqual([]);
  });

  test("N7: it finds a wrong word in a state's rendering, too", () => {
    const working = viewOf(...OPENED);
    expect(claimsIn(working)).toEqual([]);
    expect(claimsIn({ ...working, notes: ["everything passed"] })).not.toEqual([]);
    expect(claimsIn(viewOf(...OPENED, COMPLETED))).not.toEqual([]);
    expect(claimsIn(viewOf(...OPENED, BLOCKED))).toEqual([]);
  });

  const RUNS: readonly [name: string, world: () => Promise<{ world: SmallWorld }>][] = [
    ["a happy run", () => runWith({})],
    [
      "a run with a review loop",
      () =>
        runWith({
          review: ({ attempt }) => ({
            result: attempt > 1 ? reviewed("approved") : reviewed("changes_requested", [issue(1)]),
          }),
          fix: tries,
        }),
    ],
    ["a run that is given up", () => runWith({ handler: breaks })],
    [
      "a run whose budget is used up",
      () => runWith({}, { limits: { maxTokens: 60, questionDays: 0.000_001 } }),
    ],
  ];

  test.each(RUNS)(
    "N1, N7: after every fact of %s, nothing speaks of success unless the run is complete with evidence on its head",
    async (_name, play) => {
      const { world } = await play();
      const events = await world.ledger.read((await world.view()).runId);
      expect(events.length).toBeGreaterThan(20);
      const wrong = events.flatMap((_event, index) => {
        const view = foldRun(events.slice(0, index + 1));
        const where = `${index + 1} ${events[index]?.fact.type}`;
        if (view.state !== "complete") return claimsIn(view).map((claim) => `${where}: ${claim}`);
        return provenOn(events.slice(0, index + 1), view.headSha) ? [] : [`${where}: no evidence`];
      });
      expect(wrong).toEqual([]);
    },
  );
});

/** Whether a test run with exit code 0 on that commit stands in the ledger. */
function provenOn(events: readonly LedgerEvent[], head: string): boolean {
  return events.some(
    ({ fact }) =>
      fact.type === "evidence" &&
      fact.evidence.kind === "test" &&
      fact.evidence.sha === head &&
      fact.evidence.exitCode === 0,
  );
}
