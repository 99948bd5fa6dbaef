import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { UserError } from "../../domain/failure.ts";
import { MANIFEST } from "../../manifest.ts";
import { createLocalGitHub } from "../../playground/github/create.ts";
import type { LocalGitHub } from "../../playground/github/hub.ts";
import { createPages } from "../../playground/pages/pages.ts";
import { sampleFiles } from "../../playground/sample-files.ts";

/** People of the stage: who asks, who reviews, who may only look. */
export const PEOPLE = { requester: "alice", reviewer: "bob", outsider: "olive" } as const;

export interface Stage {
  readonly hub: LocalGitHub;
  /** `owner/name` of the repository on the stage. */
  readonly repository: string;
  readonly app: {
    readonly id: number;
    readonly privateKey: string;
    readonly webhookSecret: string;
  };
  close(): Promise<void>;
}

/** Sets the stage: a local GitHub with a repository, three people, and the app installed on it. */
export async function setStage(options: {
  dataDir: string;
  port: number;
  appUrl: string;
  repo: string | undefined;
  sample: "node" | "go";
}): Promise<Stage> {
  const hub = await openHub(join(options.dataDir, "github"), options.port);
  for (const login of Object.values(PEOPLE))
    hub.createUser({ login, name: login[0]?.toUpperCase() + login.slice(1) });
  const owner = "acme";
  hub.createOrganization({ login: owner, owners: [PEOPLE.requester] });
  const name = options.repo === undefined ? "assets" : repositoryName(options.repo);
  await hub.createRepository({
    owner,
    name,
    description:
      options.repo === undefined ? "Sample service of the demo" : "A copy of a local repository",
    from: options.repo ?? (await sampleFiles(options.sample === "go" ? "sample-go" : "sample")),
  });
  const repository = `${owner}/${name}`;
  hub.setCollaborator(repository, PEOPLE.reviewer, "write");
  hub.setCollaborator(repository, PEOPLE.outsider, "read");
  const webhookSecret = randomBytes(32).toString("hex");
  const app = hub.createApp({
    slug: "backend-orchestrator",
    name: "backend-orchestrator",
    owner,
    permissions: MANIFEST.permissions,
    events: MANIFEST.events,
    webhookUrl: options.appUrl,
    webhookSecret,
  });
  await hub.install(app.slug, owner, "all");
  return {
    hub,
    repository,
    app: { id: app.appId, privateKey: app.privateKeyPem, webhookSecret },
    close: () => hub.close(),
  };
}

function repositoryName(path: string): string {
  const last = path.replace(/\/+$/, "").split("/").at(-1) ?? "";
  return last.replace(/\.git$/, "").replace(/[^A-Za-z0-9._-]+/g, "-") || "repository";
}

async function openHub(dataDir: string, port: number): Promise<LocalGitHub> {
  try {
    return await createLocalGitHub({ dataDir, port, pages: createPages() });
  } catch (error) {
    const { message } = error as Error;
    if (message.startsWith("Listen on port")) throw new UserError(message);
    throw error;
  }
}
