/** A local GitHub with runs that stop in states which a demo does not reach, for the pictures of docs/images. */
import { join } from "node:path";
import { appEnvironment, freePort } from "../src/cli/demo/app-environment.ts";
import { startAppProcess } from "../src/cli/demo/app-process.ts";
import { demoFolder } from "../src/cli/demo/preflight.ts";
import { MANIFEST } from "../src/manifest.ts";
import { createLocalGitHub } from "../src/playground/github/create.ts";
import type { LocalGitHub } from "../src/playground/github/hub.ts";
import { createPages } from "../src/playground/pages/pages.ts";
import { ask, type Script, say, write } from "../src/playground/scripted-model/script.ts";
import { startScriptedModel } from "../src/playground/scripted-model/server.ts";
import { classing } from "../test/helpers/review-acts.ts";
import {
  approved,
  developed,
  TINY_COMMAND,
  TINY_FILES,
  tinyScript,
} from "../test/helpers/tiny-service.ts";

const OWNER = "acme";
const SECRET = "a webhook secret of at least 32 characters";
const never = Promise.withResolvers<void>();
/** Settled when main has moved away under the run that ends blocked. */
const moved = Promise.withResolvers<void>();

/** The repositories, one for each state, and what the specialists there do. */
const SCRIPTS: Readonly<Record<string, Script>> = {
  question: tinyScript({
    develop: [
      ask("What shall product give for no arguments?", [
        ["a", "Nothing", "callers must check"],
        ["b", "The neutral element", "as mathematics has it"],
      ]),
    ],
  }),
  approval: tinyScript(),
  reviewed: tinyScript({
    feedback: [classing],
    fix: [{ ...say("I read the review."), hold: never.promise }],
  }),
  conflict: withConflict(tinyScript({ review: [{ ...approved(), hold: moved.promise }] })),
  unwanted: tinyScript({ test: [{ ...say("I begin."), hold: never.promise }] }),
};

/** A developer that resolves nothing. */
function withConflict(script: Script): Script {
  return (turn) => {
    if (!turn.task?.startsWith("base-")) return script(turn);
    return turn.index === 0 ? write("NOTES.md", "Both sides look right.\n") : developed();
  };
}

export interface PictureStage {
  readonly url: string;
  readonly hub: LocalGitHub;
  /** Alice opens an issue in the repository of that state and commands. */
  begin(state: string, command?: string): Promise<void>;
  /** Main gets another file of the name that the run writes. */
  moveMain(): Promise<void>;
  stop(): Promise<void>;
}

export const PLAN_COMMAND = TINY_COMMAND.replace("/orchestrate", "/orchestrate plan");

export async function openPictureStage(): Promise<PictureStage> {
  const folder = await demoFolder(undefined);
  const dataDir = join(folder.path, "github");
  const hub = await createLocalGitHub({ dataDir, pages: createPages() });
  for (const login of ["alice", "bob"]) hub.createUser({ login, name: login });
  hub.createOrganization({ login: OWNER, owners: ["alice", "bob"] });
  for (const name of Object.keys(SCRIPTS))
    await hub.createRepository({ owner: OWNER, name, from: TINY_FILES });
  const model = await startScriptedModel({
    script: (turn) => {
      const state = Object.keys(SCRIPTS).find((name) => turn.prompt.includes(titleOf(name)));
      return state === undefined ? undefined : SCRIPTS[state]?.(turn);
    },
  });
  const app = await startApp(hub, { folder: folder.path, modelUrl: model.url });
  return {
    url: hub.url,
    hub,
    async begin(state, command = TINY_COMMAND) {
      const repository = `${OWNER}/${state}`;
      const alice = hub.as("alice");
      const body = "Callers multiply by hand today. Please add `product(a, b)`.";
      const { number } = await alice.openIssue(repository, { title: titleOf(state), body });
      await alice.comment(repository, number, command);
    },
    async moveMain() {
      const content = "export const product = 1;\n";
      const change = { branch: "main", path: "src/product.js", content };
      await hub.as("bob").pushFile(`${OWNER}/conflict`, change);
      moved.resolve();
    },
    async stop() {
      never.resolve();
      await app.stop();
      await model.close();
      await hub.close();
      await folder.remove();
    },
  };
}

function titleOf(state: string): string {
  return `Multiply numbers (${state})`;
}

async function startApp(
  hub: LocalGitHub,
  of: { folder: string; modelUrl: string },
): Promise<{ stop(): Promise<void> }> {
  const port = await freePort();
  const created = hub.createApp({
    slug: "backend-orchestrator",
    owner: OWNER,
    permissions: MANIFEST.permissions,
    events: MANIFEST.events,
    webhookUrl: `http://127.0.0.1:${port}/api/github/webhooks`,
    webhookSecret: SECRET,
  });
  await hub.install("backend-orchestrator", OWNER, "all");
  const ready = Promise.withResolvers<void>();
  const stage = {
    hub,
    repository: `${OWNER}/question`,
    app: { id: created.appId, privateKey: created.privateKeyPem, webhookSecret: SECRET },
    close: () => hub.close(),
  };
  const env = {
    MODEL_PROVIDER: "anthropic",
    MODEL_BASE_URL: `${of.modelUrl}/v1`,
    MODEL_API_KEY: "scripted-model-needs-no-key",
    DEMO_MODEL: "scripted",
  };
  const model = { scripted: true, task: "", env, close: () => Promise.resolve() };
  const app = startAppProcess({
    env: appEnvironment({ stage, model, dataDir: of.folder, port, processEnv: process.env }),
    onRestart: () => ready.reject(new Error("The app died while its pictures were taken.")),
    onMessage(message) {
      if (message.type === "ready") ready.resolve();
      if (message.type === "refused") ready.reject(new Error(message.reason));
    },
  });
  await ready.promise;
  return app;
}
