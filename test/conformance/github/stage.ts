import { createSign } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLocalGitHub } from "../../../src/playground/github/create.ts";
import type { CreatedApp, LocalGitHub } from "../../../src/playground/github/hub.ts";
import type { Permissions } from "../../../src/playground/github/store/records.ts";
import { openReceiver, type Received } from "./receiver.ts";
import { Recorder } from "./recorder.ts";

export const REPO = "acme/shop";
export const AT = { owner: "acme", repo: "shop" } as const;
const SECRET = "the-secret-of-this-app-and-of-nobody-else";

/** Everything an app may ask for that one of the operations needs. */
const PERMISSIONS: Permissions = {
  actions: "write",
  administration: "write",
  checks: "write",
  contents: "write",
  issues: "write",
  members: "read",
  pull_requests: "write",
  repository_hooks: "write",
  statuses: "write",
  workflows: "write",
};

const EVENTS = [
  "check_run",
  "check_suite",
  "create",
  "delete",
  "issue_comment",
  "issues",
  "label",
  "pull_request",
  "pull_request_review",
  "pull_request_review_comment",
  "pull_request_review_thread",
  "push",
  "repository_dispatch",
  "status",
];

const FILES = {
  "README.md": "# Shop\n\nSells things.\n",
  "src/a.js": "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n",
  "src/b.js": "alpha\nbeta\n",
};

/**
 * A local GitHub with the organization acme (owner olga), the repository acme/shop, the writer wendy, the reader rob,
 * and an app that hears everything; on it a recorder whose callers are those people, `app` (by its key), `bot` (its
 * installation) and `nobody`.
 */
export interface Stage extends AsyncDisposable {
  readonly hub: LocalGitHub;
  readonly app: CreatedApp;
  readonly installationId: number;
  readonly repositoryId: number;
  readonly recorder: Recorder;
  readonly webhook: { readonly url: string; readonly secret: string };
  /** What that webhook was sent. */
  readonly received: readonly Received[];
}

export async function openStage(): Promise<Stage> {
  const dir = await mkdtemp(join(tmpdir(), "conformance-"));
  const hub = await createLocalGitHub({ dataDir: dir });
  const receiver = await openReceiver(SECRET);
  for (const login of ["olga", "wendy", "rob"]) hub.createUser({ login });
  hub.createOrganization({ login: "acme", owners: ["olga"] });
  const repository = await hub.createRepository({ owner: "acme", name: "shop", from: FILES });
  hub.setCollaborator(REPO, "wendy", "write");
  hub.setCollaborator(REPO, "rob", "read");
  const app = hub.createApp({
    slug: "helper",
    owner: "acme",
    permissions: PERMISSIONS,
    events: EVENTS,
    webhookUrl: receiver.url,
    webhookSecret: SECRET,
  });
  const installation = await hub.install("helper", "acme", ["shop"]);
  const recorder = new Recorder(hub.url);
  const { tokens } = recorder;
  tokens["app"] = () => jwt(app);
  tokens["forged"] = () => `ghp_${"0".repeat(36)}`;
  for (const login of ["olga", "wendy", "rob"]) tokens[login] = kept(() => hub.userToken(login));
  const minted = await recorder.call("app apps/create-installation-access-token", {
    installation_id: installation.id,
  });
  tokens["bot"] = kept(() => (minted.body as { token: string }).token);
  return {
    hub,
    app,
    installationId: installation.id,
    repositoryId: repository.id,
    recorder,
    webhook: { url: receiver.url, secret: SECRET },
    received: receiver.received,
    [Symbol.asyncDispose]: async () => {
      await hub.close();
      await receiver[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function kept(make: () => string): () => string {
  let value: string | undefined;
  return () => (value ??= make());
}

/** The token by which an app speaks for itself, made as GitHub's documentation says. */
export function jwt(app: Pick<CreatedApp, "appId" | "privateKeyPem">): string {
  const now = Math.floor(Date.now() / 1000);
  const parts = [
    { alg: "RS256", typ: "JWT" },
    { iss: app.appId, iat: now - 60, exp: now + 300 },
  ];
  const unsigned = parts
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  const signature = createSign("RSA-SHA256").update(unsigned).sign(app.privateKeyPem, "base64url");
  return `${unsigned}.${signature}`;
}
