import { fileURLToPath } from "node:url";
import { sampleFiles } from "../src/playground/sample-files.ts";
import { DEMO_TASK, demoScript } from "../src/playground/scripted-model/demo-script.ts";
import { startScriptedModel } from "../src/playground/scripted-model/server.ts";
import { type InstructionCost, measureInstructions } from "./instructions.ts";
import { percent, seconds } from "./measure.ts";
import { type SharedPrefix, sharedPrefixes } from "./prefixes.ts";
import { type Prompt, startRecorder } from "./recorder.ts";
import type { Requests } from "./requests.ts";
import { aim, type Effort, type Part, type Section, type Table } from "./section.ts";
import { openStage, startApp } from "./stage.ts";
import { completeRun } from "./whole-run.ts";

export const INSTRUCTIONS: Part = { name: "instructions", run: measure };

const PACKAGE_DIR = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

const ISSUE = {
  title: "Let clients register assets",
  body: "Clients can list assets, but they cannot register new ones.\n\n- [ ] `POST /api/assets` stores a valid asset and answers 201\n- [ ] what is not valid is refused with the reason for every wrong field\n- [ ] an asset is stored once\n",
};

async function measure({ say }: Effort): Promise<Section> {
  say("what every role is told, by this package's definitions");
  const costs = await measureInstructions(PACKAGE_DIR);
  say("one run of the demo, recorded on the wire");
  const run = await recordedRun();
  return sectionOf(costs, run);
}

interface Recorded {
  readonly prompts: readonly Prompt[];
  readonly requests: Requests;
  readonly wallMs: number;
}

async function recordedRun(): Promise<Recorded> {
  const stage = await openStage({ places: 1, peopleEach: 1, files: await sampleFiles() });
  const model = await startScriptedModel({ script: demoScript() });
  const recorder = await startRecorder(model.url);
  try {
    const app = await startApp(stage, { modelUrl: recorder.url });
    try {
      const { requests, wallMs } = await completeRun({ stage, app, ...ISSUE, task: DEMO_TASK });
      return { prompts: recorder.prompts, requests, wallMs };
    } finally {
      await app.stop();
    }
  } finally {
    await recorder.close();
    await model.close();
    await stage.close();
  }
}

function sectionOf(costs: readonly InstructionCost[], run: Recorded): Section {
  const { requests, wallMs, prompts } = run;
  const shared = sharedPrefixes(prompts);
  const counts = [requests.total, requests.content, requests.edits, requests.git].map(String);
  return {
    title: "Instructions",
    about:
      "Tokens are a quarter of the characters. The first table puts one task to every role and mode of this package's definitions: what is always there (definition, host rules, mandatory skills), what the task's words brought in, the catalogue of what can be had, against a prompt with every skill in it. The second is one run of the demo (planner, architecture, developer, three testers in three modes, review, security) recorded between the app and the scripted model: how much of each prompt (tools, system prompt, messages, in the order providers cache) begins like an earlier one of the role.",
    aims: [
      aim(
        "at least 90 % of a role's prompts within a run begin like an earlier one",
        shared.flatMap(({ role, overall }) =>
          overall === undefined
            ? []
            : [{ of: role, shown: percent(overall), kept: overall >= 0.9 }],
        ),
      ),
    ],
    tables: [
      tokensTable(costs),
      prefixTable(shared),
      {
        title: "The whole of that run, as the demo shows it",
        head: ["", "wall s", "requests", "content-creating", "edits", "git"],
        rows: [["the demo's run", seconds(wallMs), ...counts]],
      },
    ],
  };
}

function tokensTable(costs: readonly InstructionCost[]): Table {
  return {
    title: "Tokens of instructions per dispatch",
    head: [
      "role and mode",
      "catalogue",
      "mandatory",
      "on demand",
      "brief",
      "total",
      "everything",
      "total / everything",
      "shared with another task of the run",
      "of another run",
    ],
    rows: costs.map((cost) => [
      `${cost.role}, ${cost.mode}`,
      ...[cost.catalogue, cost.mandatory, cost.onDemand, cost.brief].map(String),
      ...[cost.total, cost.everything].map(String),
      (cost.total / cost.everything).toFixed(2),
      percent(cost.sharedInRun),
      percent(cost.sharedAcrossRuns),
    ]),
  };
}

function prefixTable(shared: readonly SharedPrefix[]): Table {
  return {
    title: "Common beginning of prompts on the wire",
    head: [
      "role",
      "dispatches",
      "requests",
      "first prompt, tokens",
      "first prompts of later dispatches",
      "all requests after the first",
    ],
    rows: shared.map(({ role, dispatches, requests, firstLength, atStart, overall }) => [
      role,
      String(dispatches),
      String(requests),
      String(Math.round(firstLength / 4)),
      atStart === undefined ? "-" : percent(atStart),
      overall === undefined ? "-" : percent(overall),
    ]),
  };
}
