import { MANIFEST } from "../../src/manifest.ts";
import { createLocalGitHub } from "../../src/playground/github/create.ts";
import type { CreatedApp, LocalGitHub } from "../../src/playground/github/hub.ts";
import { createPages } from "../../src/playground/pages/pages.ts";
import type { ScriptedModel } from "../../src/playground/scripted-model/server.ts";
import type { History } from "./stage-history.ts";

export const OWNER = "acme";

/** Who asks, who reviews, who may only look. */
export const PEOPLE = { requester: "alice", reviewer: "bob", outsider: "olive" } as const;

/** A local GitHub with those people and the app installed for everything of the organisation. */
export async function openHub(
  dataDir: string,
  webhookUrl: string,
): Promise<{ hub: LocalGitHub; app: CreatedApp; installationId: number }> {
  const hub = await createLocalGitHub({ dataDir, pages: createPages() });
  for (const login of Object.values(PEOPLE)) hub.createUser({ login, name: login });
  hub.createOrganization({ login: OWNER, owners: [PEOPLE.requester] });
  const app = hub.createApp({
    slug: "backend-orchestrator",
    owner: OWNER,
    permissions: MANIFEST.permissions,
    events: MANIFEST.events,
    webhookUrl,
    webhookSecret: "a webhook secret of at least 32 characters",
  });
  const { id } = await hub.install(app.slug, OWNER, "all");
  return { hub, app, installationId: id };
}

/** Every answered request is something that happened. */
export function watchRequests(hub: LocalGitHub, history: History): void {
  const { journal } = hub;
  const add = journal.add.bind(journal);
  journal.add = (entry) => {
    add(entry);
    history.note(`github  ${entry.status} ${entry.operationId} by ${entry.actor || "nobody"}`);
  };
}

/** What an app needs to talk to the scripted model. */
export function modelEnvironment(model: ScriptedModel): Record<string, string> {
  return {
    MODEL_PROVIDER: "anthropic",
    MODEL_BASE_URL: `${model.url}/v1`,
    MODEL_API_KEY: "scripted-model-needs-no-key",
    DEMO_MODEL: "scripted",
  };
}
