import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createLocalGitHub } from "../../../src/playground/github/create.ts";
import type { LocalGitHub } from "../../../src/playground/github/hub.ts";
import { createPages } from "../../../src/playground/pages/pages.ts";
import { type AppClient, appClient } from "./app-client.ts";
import {
  ISSUE,
  QUESTION,
  README,
  SERVICE_AFTER,
  SERVICE_BEFORE,
  statusText,
  VALIDATE,
} from "./texts.ts";

export const REPO = "ada/assets";
const HEAD = "orchestrate/1-post-api-assets-r1/main";

/** A running hub with one repository, three people, an app, an issue and a pull request. */
export interface Stage {
  hub: LocalGitHub;
  url: string;
  app: AppClient;
  issue: number;
  pull: number;
  headSha: string;
  statusId: number;
  questionId: number;
  checkId: number;
  /** Body of every webhook that the app was sent. */
  heard: { event: string; payload: Record<string, unknown> }[];
  close(): Promise<void>;
}

export async function seededStage(dataDir: string): Promise<Stage> {
  const heard: Stage["heard"] = [];
  const sink = await listen(heard);
  const hub = await createLocalGitHub({ dataDir, pages: createPages() });
  hub.createUser({ login: "ada", name: "Ada" });
  hub.createUser({ login: "rui", name: "Rui" });
  hub.createUser({ login: "ivy", name: "Ivy" });
  await hub.createRepository({
    owner: "ada",
    name: "assets",
    description: "Keeps assets; plain Node, no dependencies.",
    from: {
      "README.md": README,
      "package.json": '{ "name": "assets", "type": "module" }\n',
      "src/service.js": SERVICE_BEFORE,
      "test/service.test.js": 'import test from "node:test";\n\ntest("lists", () => {});\n',
    },
  });
  hub.setCollaborator(REPO, "rui", "write");
  const app = await installedApp(hub, `http://127.0.0.1:${(sink.address() as AddressInfo).port}`);
  const story = await tell(hub, app);
  await hub.webhooks.idle();
  return {
    hub,
    url: hub.url,
    app,
    ...story,
    heard,
    async close() {
      await hub.close();
      sink.close();
    },
  };
}

async function listen(heard: Stage["heard"]): Promise<Server> {
  const sink = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      const payload = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      heard.push({ event: String(req.headers["x-github-event"]), payload });
      res.end("ok");
    });
  });
  await new Promise<void>((resolve) => {
    sink.listen(0, "127.0.0.1", resolve);
  });
  return sink;
}

async function installedApp(hub: LocalGitHub, webhookUrl: string): Promise<AppClient> {
  const app = hub.createApp({
    slug: "backend-orchestrator",
    name: "Backend orchestrator",
    owner: "ada",
    permissions: { contents: "write", issues: "write", pull_requests: "write", checks: "write" },
    events: ["issue_comment", "issues", "pull_request", "pull_request_review", "check_run"],
    webhookUrl,
    webhookSecret: "a secret of the seeded stage, long enough",
  });
  const installation = await hub.install(app.slug, "ada", [REPO]);
  return appClient(hub, app, { installation: installation.id, repo: REPO });
}

type Story = Pick<Stage, "issue" | "pull" | "headSha" | "statusId" | "questionId" | "checkId">;

async function tell(hub: LocalGitHub, app: AppClient): Promise<Story> {
  const ada = hub.as("ada");
  const opened = await ada.openIssue(REPO, {
    title: "Implement `POST /api/assets` with validation, storage and tests",
    body: ISSUE,
    labels: ["enhancement"],
  });
  const issue = opened.number;
  await hub.as("rui").comment(REPO, issue, "Sounds right. See also `src/service.js`. 👍");
  const command = await ada.comment(REPO, issue, "/orchestrate keep it dependency-free");
  await app.request("POST", `issues/comments/${command.id}/reactions`, { content: "eyes" });
  await hub.as("rui").react(REPO, { number: issue }, "+1");

  const push = { branch: HEAD, message: "Validate and store new assets" };
  await ada.pushFile(REPO, { ...push, path: "src/validate.js", content: VALIDATE });
  const headSha = await ada.pushFile(REPO, {
    ...push,
    path: "src/service.js",
    content: SERVICE_AFTER,
    message: "Answer POST /api/assets",
  });
  const { number: pull } = await app.request<{ number: number }>("POST", "pulls", {
    title: "Implement `POST /api/assets`",
    head: HEAD,
    base: "main",
    draft: true,
    body: `Closes #${issue}\n\nEvery requirement has evidence; see the checks.`,
  });
  const text = statusText("Testing: two of three test tasks are running", { pull, sha: headSha });
  const status = await app.request<{ id: number }>("POST", `issues/${issue}/comments`, {
    body: text,
  });
  const question = await app.request<{ id: number }>("POST", `issues/${issue}/comments`, {
    body: QUESTION,
  });
  await app.request("POST", `issues/${pull}/comments`, { body: text });
  const checkId = await checks(app, headSha);
  return { issue, pull, headSha, statusId: status.id, questionId: question.id, checkId };
}

async function checks(app: AppClient, headSha: string): Promise<number> {
  await app.request("POST", "check-runs", {
    name: "build",
    head_sha: headSha,
    status: "completed",
    conclusion: "success",
    output: { title: "Build passed", summary: "`node --check src/service.js` exited **0**." },
  });
  const { id } = await app.request<{ id: number }>("POST", "check-runs", {
    name: "backend-orchestrator",
    head_sha: headSha,
    status: "completed",
    conclusion: "failure",
    output: {
      title: "One integration test fails",
      summary:
        "| Command | Exit |\n| --- | --- |\n| `node --test` | **1** |\n\n```\nexpected 201, got 404\n```",
      annotations: [
        {
          path: "src/service.js",
          start_line: 13,
          end_line: 18,
          annotation_level: "failure",
          title: "test/integration.test.js",
          message: "expected 201, got 404\n    at POST /api/assets",
        },
      ],
    },
    actions: [
      { label: "Retry", description: "Run the failed task again", identifier: "retry" },
      { label: "Cancel", description: "End this run", identifier: "cancel" },
    ],
  });
  return id;
}
