import { cpSync, existsSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sampleFiles } from "../../../src/playground/sample-files.ts";
import { ENDPOINT } from "../../helpers/seed-examples/endpoint.ts";
import { PIPELINE_EXAMPLE } from "../../helpers/seed-examples/pipeline.ts";
import { REFACTORING } from "../../helpers/seed-examples/refactoring.ts";
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
  if (existsSync("/tmp/goservice/seeds")) cpSync("/tmp/goservice/seeds", `${stage.dir}/app/workspaces/seeds`, { recursive: true, preserveTimestamps: true });
}, 60_000);

afterAll(async () => {
  if (!existsSync("/tmp/goservice/seeds")) cpSync(`${stage.dir}/app/workspaces/seeds`, "/tmp/goservice/seeds", { recursive: true, preserveTimestamps: true });
  await stage.end();
}, 60_000);

for (const [name, example] of Object.entries({ ENDPOINT, PIPELINE_EXAMPLE, REFACTORING }))
test(name, async () => {
  const t0 = Date.now();
  const run = await stage.ask(example);
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
        f.evidence.exitCode === 0 ? "" : f.evidence.outputTail,
      );
    else if (f.type !== "loaded") console.log(e.at, JSON.stringify(f).slice(0, 250));
  }
  console.log(Date.now() - t0);
  console.log(run.comments(view.pullRequest?.number)[0]?.body);
  expect(view.state, stage.history.text()).toBe("complete");
}, 1_600_000);
