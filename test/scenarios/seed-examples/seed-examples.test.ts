import { afterAll, beforeAll, expect, test } from "vitest";
import { sampleFiles } from "../../../src/playground/sample-files.ts";
import { ENDPOINT } from "../../helpers/seed-examples/endpoint.ts";
import { openStage, type Stage } from "../../helpers/stage.ts";

let stage: Stage;

beforeAll(async () => {
  const files = await sampleFiles("sample-service-go");
  const P = ".github/orchestrator.yml";
  files[P] = (files[P] ?? "").replace(
    "test: go test -v ./...",
    "test: (cd testing/dynamodb && npm start) & for i in 1 2 3 4 5 6 7 8 9; do node testing/dynamodb/ready.js && break; sleep 0.3; done; go test -v ./...",
  );
  stage = await openStage({ files });
}, 60_000);

afterAll(async () => {
  await stage.end();
}, 60_000);

test("endpoint", async () => {
  const t0 = Date.now();
  const run = await stage.ask(ENDPOINT);
  const view = await run.ended(1_500_000);
  for (const e of await run.ledger()) {
    const f: any = e.fact;
    if (f.type === "evidence")
      console.log(
        e.at,
        f.purpose,
        f.evidence.kind,
        f.evidence.command.slice(0, 30),
        f.evidence.exitCode,
        f.evidence.durationMs,
        JSON.stringify(f.evidence.tests),
      );
    else if (f.type !== "loaded") console.log(e.at, JSON.stringify(f).slice(0, 200));
  }
  console.log(Date.now() - t0);
  expect(view.state, stage.history.text()).toBe("complete");
}, 1_600_000);
