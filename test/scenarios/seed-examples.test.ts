import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sampleFiles } from "../../src/playground/sample-files.ts";
import { ENDPOINT } from "../helpers/seed-examples/endpoint.ts";
import { type Example, finished } from "../helpers/seed-examples/kit.ts";
import {
  expectCaught,
  expectComplete,
  expectHistory,
  expectProven,
  fileOf,
} from "../helpers/seed-examples/outcome.ts";
import { PIPELINE } from "../helpers/seed-examples/pipeline.ts";
import { REFACTORING } from "../helpers/seed-examples/refactoring.ts";
import { openStage, type Stage } from "../helpers/stage.ts";

/** A run builds a Go service a dozen times; a busy machine takes several minutes for it. */
const RUN_MS = 900_000;

const hasGo = spawnSync("go", ["version"]).status === 0;
const skipped = !hasGo && process.env["CI"] === undefined;
if (skipped) process.stderr.write("go is not on the path: the seed's examples are not played.\n");

describe.skipIf(skipped)("the seed's three examples on a Go service with DynamoDB", () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage({ files: await sampleFiles("sample-service-go") });
  });

  afterAll(() => stage.end());

  async function play(example: Example) {
    const run = await stage.ask(example);
    return { run, view: await run.ended(RUN_MS) };
  }

  test(
    "H5, H7, I8, N1, N2: an endpoint with validation, storage and tests; a leak that only go vet notices is given back",
    async () => {
      const { run, view } = await play(ENDPOINT);
      await expectComplete(run, view);
      expectProven(run, view, {
        R1: ["acceptance"],
        R2: ["unit", "acceptance"],
        R3: ["integration", "acceptance"],
        R4: ["integration", "acceptance"],
      });
      expectCaught(run, view, {
        task: "build-registration",
        because: "lint command `go vet ./...` exited with 1",
        said: "the cancel function returned by context.WithTimeout should be called",
        mendedBy: "build-registration",
      });
      await expectHistory(run, view, [
        "Implement POST /api/assets",
        "Implement POST /api/assets",
        "Test what is valid",
        "Test the conditional write",
        "Integrate integration-tests: Test the conditional write",
        "Test the started program",
        "Integrate acceptance-tests: Test the started program",
      ]);
      const handler = "internal/api/create.go";
      expect(await fileOf(run, view, handler)).toBe(finished("endpoint", handler));
    },
    RUN_MS,
  );

  test(
    "H5, H7, N1, T7: a pipeline with unit and acceptance tests; the tester's tests show one attempt too many, which is mended",
    async () => {
      const { run, view } = await play(PIPELINE);
      await expectComplete(run, view);
      expectProven(run, view, {
        R1: ["unit", "acceptance"],
        R2: ["unit"],
        R3: ["unit", "acceptance"],
        R4: ["unit"],
        R5: ["acceptance"],
      });
      expectCaught(run, view, {
        task: "unit-tests",
        because: "test command `go test -v ./...` exited with 1",
        said: "--- FAIL: TestAJobIsBegunNoMoreOftenThanAllowed",
        mendedBy: "fix-1",
      });
      await expectHistory(run, view, [
        "Write the pipeline",
        "Join the pipeline with the program",
        "Test the pipeline alone",
        "Fix what was found (round 1)",
        "Test the started program",
        "Integrate acceptance-tests: Test the started program",
      ]);
      const pipeline = "internal/jobs/pipeline.go";
      expect(await fileOf(run, view, pipeline)).toBe(finished("pipeline", pipeline));
    },
    RUN_MS,
  );

  test(
    "H5, I3, I9, N1: one module becomes two; the reviewer finds a line that was lost, and looks again when it is back",
    async () => {
      const { run, view } = await play(REFACTORING);
      await expectComplete(run, view);
      expectProven(run, view, { R1: ["unit"], R2: ["integration"], R3: ["integration"] });
      expectCaught(run, view, {
        task: "review-split",
        because: "internal/integrations/headers.go:26",
        said: "The answer's body is not closed any more",
        mendedBy: "fix-1",
      });
      await expectHistory(run, view, [
        "Split capabilities from integrations",
        "Guard the boundary",
        "Test the integrations against servers",
        "Integrate integration-tests: Test the integrations against servers",
        "Fix what was found (round 1)",
      ]);
      const moved = await run.code.filesBetween("main", view.headSha);
      expect(moved.map(({ path, previousPath }) => [previousPath, path])).toEqual(
        expect.arrayContaining(
          ["headers.go", "resolve.go"].map((name) => [
            `internal/capabilities/${name}`,
            `internal/integrations/${name}`,
          ]),
        ),
      );
      const reviews = run.facts("dispatch-ended").filter(({ taskId }) => taskId === "review-split");
      expect(reviews).toHaveLength(2);
      const headers = "internal/integrations/headers.go";
      expect(await fileOf(run, view, headers)).toBe(finished("refactoring", headers));
    },
    RUN_MS,
  );
});
