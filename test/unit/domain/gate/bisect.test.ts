import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { positionsOf, probe, searched } from "../../../../src/domain/gate/bisect.ts";
import { TaskId } from "../../../../src/domain/ids.ts";
import { evidenceOf, RUN_STARTED, sha } from "../../../helpers/run-facts.ts";

const FROM = { baseSha: sha("0"), head: sha("c") };
const [A, B, C] = [sha("a"), sha("b"), sha("c")];
const HISTORY = [{ sha: sha("0") }, { sha: A }, { sha: B }, { sha: C }];

describe("G5: which state of the run branch broke the suite", () => {
  test("the states are read from the ledger in their order, each once, with what made them", () => {
    const unit = TaskId.parse("unit");
    expect(
      positionsOf(
        [
          RUN_STARTED,
          { type: "branch-pushed", branch: "run", sha: A },
          { type: "branch-pushed", branch: "run-unit", sha: sha("d"), taskId: unit },
          { type: "integrated", taskId: unit, branch: "run-unit", sha: B },
          { type: "branch-pushed", branch: "run", sha: B },
          { type: "adopted", branch: "run", sha: C, by: "carol" },
        ],
        FROM,
      ),
    ).toEqual([{ sha: sha("0") }, { sha: B, taskId: "unit" }, { sha: C, by: "carol" }]);
    const planned = positionsOf([{ type: "branch-pushed", branch: "run", sha: A }], {
      ...FROM,
      head: A,
    });
    expect(planned).toEqual([{ sha: sha("0") }, { sha: A }]);
  });

  test("only what came after the last green state is suspect", () => {
    const evidence = [evidenceOf({ sha: A }), evidenceOf({ sha: C, exitCode: 1 })];
    expect(searched(HISTORY, evidence)).toEqual({
      known: "green",
      suspects: [{ sha: B }, { sha: C }],
    });
    expect(searched(HISTORY, [evidenceOf({ sha: C, exitCode: 1 })])).toMatchObject({
      known: "nothing",
      suspects: [{ sha: A }, { sha: B }, { sha: C }],
    });
  });

  test("where the red head was green before, nothing seen earlier is believed", () => {
    const evidence = [A, B, C].map((at) => evidenceOf({ sha: at }));
    evidence.push(evidenceOf({ sha: C, exitCode: 1 }));
    expect(searched(HISTORY, evidence).known).toBe("outdated");
  });

  test("halving finds the first red state in logarithmic many runs, wherever it is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(), (length, seed) => {
        const first = seed % length;
        let suspects = Array.from({ length }, (_, index) => ({ sha: sha("a"), by: `${index}` }));
        let runs = 0;
        for (let at = probe(suspects); at !== undefined; at = probe(suspects)) {
          runs += 1;
          const green = Number(suspects[at]?.by) < first;
          suspects = green ? suspects.slice(at + 1) : suspects.slice(0, at + 1);
        }
        expect(suspects.map(({ by }) => by)).toEqual([`${first}`]);
        expect(runs).toBeLessThanOrEqual(Math.ceil(Math.log2(length)));
      }),
    );
  });
});
