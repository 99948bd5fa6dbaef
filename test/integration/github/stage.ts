import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RepoRef } from "../../../src/domain/ids.ts";
import { Secret } from "../../../src/domain/secret.ts";
import {
  MemoryEffects,
  MemoryIssuedTokens,
  MemoryRequestCounts,
} from "../../../src/engine/memory/records.ts";
import type { Clock } from "../../../src/github/clock.ts";
import { type Connection, connect } from "../../../src/github/connect.ts";
import { APP_PERMISSIONS } from "../../../src/github/permissions.ts";
import { createLocalGitHub } from "../../../src/playground/github/create.ts";
import type { CreatedApp, LocalGitHub } from "../../../src/playground/github/hub.ts";
import { EVENTS } from "../../../src/webhooks/listen.ts";

export const REPO = "acme/shop";
export const BRANCH = "orchestrate/1-rate-limits-r1/main";

/** Real time, with waits cut to nothing: the local GitHub's faults do not last. */
const hasty: Clock = { now: () => Date.now(), sleep: async () => {} };

export interface Stage extends AsyncDisposable, Connection {
  readonly hub: LocalGitHub;
  readonly app: CreatedApp;
  readonly repo: RepoRef;
  readonly issue: number;
  readonly counts: MemoryRequestCounts;
  readonly issued: MemoryIssuedTokens;
  /** The same app after a restart: GitHub and stores stay. */
  readonly restarted: () => Connection;
  readonly connectedAs: (privateKeyPem: string) => Connection;
}

/** acme/shop with an open issue and a pushed run branch; olga owns, wendy writes, rob reads; our app is installed. */
export async function newStage(): Promise<Stage> {
  const dir = await mkdtemp(join(tmpdir(), "adapter-"));
  const hub = await createLocalGitHub({ dataDir: dir });
  for (const login of ["olga", "wendy", "rob"]) hub.createUser({ login });
  hub.createOrganization({ login: "acme", owners: ["olga"] });
  const made = await hub.createRepository({
    owner: "acme",
    name: "shop",
    private: true,
    from: { "a.txt": "a\n" },
  });
  hub.setCollaborator(REPO, "wendy", "write");
  hub.setCollaborator(REPO, "rob", "read");
  const app = hub.createApp({
    slug: "orchestrator",
    owner: "acme",
    permissions: APP_PERMISSIONS,
    events: EVENTS,
  });
  const { id: installationId } = await hub.install("orchestrator", "acme", ["shop"]);
  const { number: issue } = await hub
    .as("rob")
    .openIssue(REPO, { title: "Rate limits", body: "Add them." });
  await hub.as("wendy").pushFile(REPO, { branch: BRANCH, path: "b.txt", content: "b\n" });
  const repo = RepoRef.parse({ id: made.id, owner: "acme", name: "shop", installationId });
  const stores = {
    effects: new MemoryEffects(),
    counts: new MemoryRequestCounts(),
    issued: new MemoryIssuedTokens(),
  };
  function connectedAs(privateKeyPem: string): Connection {
    return connect({
      app: { id: app.appId, privateKey: new Secret(privateKeyPem) },
      client: { apiUrl: hub.url, clock: hasty, log: { info() {}, warn() {}, error() {} } },
      secrets: [],
      ...stores,
    });
  }
  function restarted(): Connection {
    return connectedAs(app.privateKeyPem);
  }
  const first = restarted();
  return {
    hub,
    app,
    repo,
    issue,
    counts: stores.counts,
    issued: stores.issued,
    restarted,
    connectedAs,
    ...first,
    [Symbol.asyncDispose]: async () => {
      await first.tokens.close();
      await hub.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
