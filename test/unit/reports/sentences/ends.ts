import * as blocks from "../../../../src/reports/blocked-words.ts";
import * as reasons from "../../../../src/reports/reasons.ts";
import { sha } from "../../../helpers/run-facts.ts";
import { blocked, listed, type Situation, said } from "./said.ts";

const BRANCH = "orchestrate/12-add-an-endpoint-r1/main";
const LARGER = "four services have to change.";
const TESTER = reasons.endedWords({ role: "backend-tester", taskId: "unit", status: "crashed" });
const STUCK = "bob ended the run: the gate quality failed 3 times in a row for the same reason";

/** Why runs end without a result, and why they do what nobody planned. */
export const END_SITUATIONS: readonly Situation[] = [
  {
    heading: "Why a run ends blocked",
    said: [
      blocked(blocks.noSoundPlan, blocks.noSoundPlan(3, ["Task unit depends on itself."])),
      blocked(
        blocks.cannotPlan,
        blocks.cannotPlan({
          summary: "It cannot be planned.",
          issue: "the issue does not say which service is meant",
          attempted: ["read the README"],
          recommend: "the name of the service",
        }),
      ),
      blocked(blocks.cannotPlan, blocks.cannotPlan({ summary: "the request contradicts itself" })),
      blocked(
        blocks.noDelegate,
        blocks.noDelegate(["backend-developer is not in the roster of specialists."]),
      ),
      blocked(blocks.tooLarge, blocks.tooLarge(LARGER, "bob")),
      blocked(blocks.tooLarge, blocks.tooLarge(LARGER, undefined)),
      blocked(
        blocks.givenUp,
        blocks.givenUp("phase testing needed the decision of people 3 times", [TESTER]),
      ),
      blocked(reasons.endedWords, blocks.givenUp("3 dispatches crashed", [TESTER])),
      blocked(reasons.madeAPlan, blocks.givenUp("3 dispatches crashed", [reasons.madeAPlan()])),
      blocked(
        blocks.loopBlocked,
        blocks.loopBlocked(STUCK, ["dispatched backend-lead for review (attempt 1: submitted)"]),
      ),
      blocked(blocks.nobodyCanStart, blocks.nobodyCanStart("testing", ["unit", "acceptance"])),
      blocked(blocks.pullRequestClosed, blocks.pullRequestClosed()),
      blocked(blocks.phasesOpen, blocks.phasesOpen(["testing", "quality"])),
      blocked(blocks.headKeptMoving, blocks.headKeptMoving(BRANCH, 5)),
      blocked(blocks.checksMissing, blocks.checksMissing(6, sha("a"))),
      blocked(blocks.branchLost, blocks.branchLost(BRANCH, sha("b"))),
      blocked(blocks.branchLost, blocks.branchLost(BRANCH, undefined)),
    ],
  },
  {
    heading: "Why something is done that nobody planned",
    said: [
      said(reasons.reviewed, "bob"),
      said(reasons.changesAsked, "bob"),
      said(reasons.askedFor, "bob"),
      said(reasons.commitsOfOthers),
      said(reasons.halfComplete, "frontend-orchestrator"),
      said(reasons.retriedFrom, "testing"),
      said(reasons.checksFailed, ["ci"]),
      said(reasons.checksFailed, ["ci", "lint"]),
      said(reasons.redCheck, "ci", sha("a"), "failure: 2 problems in src/app.js"),
      said(reasons.redSince, "unit"),
      said(reasons.suiteFails, "handler", false),
      said(reasons.suiteFails, "handler", true),
      said(reasons.independentFailures, "the required check failed", 3),
      said(reasons.sentBack, "backend-lead", "requirements"),
      said(reasons.sentBack, "backend-security-reviewer", "security"),
      said(reasons.fixTitle, 2),
      said(reasons.conflictTitle, "main"),
      said(reasons.readingTitle, "bob"),
    ],
  },
  {
    heading: "What was wrong, and what comes next",
    said: [
      listed(reasons.PROBLEMS, "PROBLEMS"),
      said(reasons.conflictsWithOthers, ["src/app.js"]),
      said(reasons.missingTargetsIn, "test/unit.test.js", ["src/gone.js"]),
      said(reasons.whatIsNeeded, "handler"),
      listed(reasons.NEXT, "NEXT"),
      said(reasons.nothingPlanned),
      said(reasons.notFinished),
      said(reasons.wasStopped),
      said(reasons.notAnswered),
      said(reasons.othersWrite, BRANCH),
      said(reasons.stopAsked),
      said(reasons.pullRequestGone, "merged", 14),
      said(reasons.pullRequestGone, "closed", 14),
      said(reasons.profileMistakes, ".github/orchestrator.yml"),
      said(reasons.moreIgnored, 12),
    ],
  },
];
