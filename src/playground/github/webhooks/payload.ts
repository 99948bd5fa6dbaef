import type { Hub } from "../context.ts";
import { loadDescription } from "../description/load.ts";
import { simpleUser } from "../render/accounts.ts";
import { nodeId } from "../render/node-id.ts";
import { webhookRepository } from "../render/repositories.ts";
import type { App, Installation } from "../store/records.ts";
import type { Emission } from "./emission.ts";

/** One webhook that hears of an event. */
export interface Target {
  url: string;
  appId: number | null;
  hookId: number | null;
  installationId: number | null;
}

/** Every app hears of these, subscribed or not (docs: "All GitHub Apps receive this event by default"). */
const ALWAYS = new Set(["installation", "installation_repositories", "github_app_authorization"]);

/** The permission without which an app does not get an event (the events' pages in GitHub's docs). */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  issue_comment: ["issues", "pull_requests"],
  issues: ["issues"],
  label: ["issues", "pull_requests", "metadata"],
  pull_request: ["pull_requests"],
  pull_request_review: ["pull_requests"],
  pull_request_review_comment: ["pull_requests"],
  pull_request_review_thread: ["pull_requests"],
  check_run: ["checks"],
  check_suite: ["checks"],
  push: ["contents"],
  create: ["contents"],
  delete: ["contents"],
  status: ["statuses"],
  repository_dispatch: ["contents"],
};

export function targetsOf(hub: Hub, emission: Emission): Target[] {
  return [...appTargets(hub, emission), ...hookTargets(hub, emission)];
}

function appTargets(hub: Hub, emission: Emission): Target[] {
  return hub.store.apps.all().flatMap((app) => {
    const url = app.webhookUrl;
    if (url === null || !hears(app, emission)) return [];
    const installation = installationFor(hub, app, emission);
    if (installation === undefined || !permitted(installation, emission.event)) return [];
    return [{ url, appId: app.id, hookId: null, installationId: installation.id }];
  });
}

function hears(app: App, emission: Emission): boolean {
  if (emission.onlyAppId !== undefined && emission.onlyAppId !== app.id) return false;
  // Of check suites and runs, an app with permission hears without subscribing.
  const own = emission.onlyAppId === app.id && emission.event.startsWith("check_");
  return own || ALWAYS.has(emission.event) || app.events.includes(emission.event);
}

function installationFor(hub: Hub, app: App, emission: Emission): Installation | undefined {
  if (emission.installation !== undefined) {
    return emission.installation.appId === app.id ? emission.installation : undefined;
  }
  if (emission.repo === undefined) return undefined;
  const found = hub.store.installationOn(app.id, emission.repo);
  return found?.suspendedAt === null ? found : undefined;
}

function permitted(installation: Installation, event: string): boolean {
  const needed = NEEDED[event];
  return needed === undefined || needed.some((p) => installation.permissions[p] !== undefined);
}

function hookTargets(hub: Hub, { repo, event, onlyAppId }: Emission): Target[] {
  if (repo === undefined || onlyAppId !== undefined) return [];
  return hub.store.hooks
    .filter((h) => h.repoId === repo.id && h.active)
    .filter((h) => h.events.includes(event) || h.events.includes("*"))
    .map((h) => ({ url: h.url, appId: null, hookId: h.id, installationId: null }));
}

/** The JSON that a target is sent, with every field that GitHub's description requires. */
export function payloadOf(hub: Hub, emission: Emission, target: Target): string {
  const { action, event, repo, sender } = emission;
  const payload: Record<string, unknown> = {
    ...(action === undefined ? {} : { action }),
    ...emission.payload,
    ...(repo === undefined ? {} : webhookRepository(hub, repo)),
    sender: simpleUser(hub, sender),
  };
  if (target.installationId !== null && payload["installation"] === undefined) {
    payload["installation"] = {
      id: target.installationId,
      node_id: nodeId("MDI", target.installationId),
    };
  }
  const name = action === undefined ? event : `${event}.${action}`;
  const schema = loadDescription().webhooks.get(name);
  return JSON.stringify(schema ? hub.completer.complete(name, schema, payload) : payload);
}
