import { jwt, type Stage } from "../stage.ts";
import { numberAt, sceneOn, textAt } from "./scene.ts";

/** The app's own view: itself, its installations and tokens, its webhook and deliveries. */
export async function playApps(stage: Stage): Promise<void> {
  const { recorder: r, installationId: installation_id, repositoryId } = stage;
  await r.call("app apps/get-authenticated");
  await r.call("bot apps/get-authenticated", {}, { expect: 401 });
  for (const as of ["nobody", "bot"])
    await r.call(`${as} apps/get-by-slug`, { app_slug: "helper" });
  await r.call("rob apps/get-by-slug", { app_slug: "none" }, { expect: 404 });
  await r.call("app apps/list-installations", { per_page: 1 });
  await r.call("app apps/get-installation", { installation_id });
  await r.call("app apps/get-installation", { installation_id: 99_999_999 }, { expect: 404 });
  await r.call("app apps/get-repo-installation", { owner: "acme", repo: "shop" });
  await r.call("app apps/get-org-installation", { org: "acme" });
  await r.call("app apps/get-org-installation", { org: "none" }, { expect: 404 });
  await r.call("bot apps/list-repos-accessible-to-installation", { per_page: 1 });
  const narrow = { installation_id, permissions: { issues: "write" } };
  const minted = await r.call("app apps/create-installation-access-token", {
    ...narrow,
    repository_ids: [repositoryId],
  });
  const headers = { authorization: `Bearer ${textAt(minted, "token")}` };
  await r.call("nobody apps/revoke-installation-access-token", {}, { headers });
  await r.call("nobody apps/list-repos-accessible-to-installation", {}, { headers, expect: 401 });
  const much = { installation_id, permissions: { pages: "write" } };
  await r.call("app apps/create-installation-access-token", much, { expect: 422 });
  await r.call("rob apps/create-installation-access-token", narrow, { expect: 401 });
  await playAppHook(stage);
}

async function playAppHook(stage: Stage): Promise<void> {
  const { recorder: r } = stage;
  await r.call("app apps/get-webhook-config-for-app");
  await r.call("app apps/update-webhook-config-for-app", { content_type: "json" });
  await stage.hub.webhooks.idle();
  const list = await r.call("app apps/list-webhook-deliveries", { per_page: 2 });
  const delivery_id = numberAt(list, "0.id");
  await r.call("app apps/get-webhook-delivery", { delivery_id });
  const none = { delivery_id: 99_999_999 };
  await r.call("app apps/get-webhook-delivery", none, { expect: 404 });
  await r.call("app apps/redeliver-webhook-delivery", { delivery_id });
  await stage.hub.webhooks.idle();
}

/** A repository's own webhook, which hears without an installation. */
export async function playHooks(stage: Stage): Promise<void> {
  const { call, each } = sceneOn(stage);
  const config = { ...stage.webhook, content_type: "json" };
  const made = await call("olga repos/create-webhook", { config, events: ["*"], active: true });
  await call("rob repos/create-webhook", { config }, { expect: 403 });
  const hook_id = numberAt(made, "id");
  await each(["olga", "bot"], "repos/list-webhooks");
  await each(["olga", "bot"], "repos/get-webhook", { hook_id });
  await call("olga repos/get-webhook", { hook_id: 99_999_999 }, { expect: 404 });
  await call("wendy issues/create-label", { name: "hooked" });
  await stage.hub.webhooks.idle();
  // Nobody answers there: how such a delivery is told is part of the description, too.
  const nowhere = { ...config, url: `${stage.hub.url}/no-such-hook` };
  await call("olga repos/update-webhook", { hook_id, config: nowhere, events: ["label"] });
  await call("wendy issues/delete-label", { name: "hooked" });
  await stage.hub.webhooks.idle();
  const list = await call("olga repos/list-webhook-deliveries", { hook_id });
  for (const index of [0, 1]) {
    const delivery_id = numberAt(list, `${index}.id`);
    await call("olga repos/get-webhook-delivery", { hook_id, delivery_id });
    await call("olga repos/redeliver-webhook-delivery", { hook_id, delivery_id });
    await stage.hub.webhooks.idle();
  }
  await each(["olga", "bot"], "repos/get-webhook", { hook_id });
  await call("olga repos/delete-webhook", { hook_id });
}

/** A second app, from its manifest to the end of its installation. */
export async function playManifest(stage: Stage): Promise<string> {
  const { recorder: r, hub, webhook } = stage;
  const manifest = {
    name: "Spare",
    url: "http://127.0.0.1/spare",
    redirect_url: "http://127.0.0.1/back",
    hook_attributes: { url: webhook.url },
    default_permissions: { issues: "write", checks: "write" },
    default_events: ["issues"],
  };
  const sent = await fetch(`${hub.url}/settings/apps/new?state=s`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ manifest: JSON.stringify(manifest) }),
  });
  const code = new URL(sent.headers.get("location") ?? "").searchParams.get("code");
  const app = await r.call("nobody apps/create-from-manifest", { code });
  await r.call("nobody apps/create-from-manifest", { code }, { expect: 404 });
  const slug = textAt(app, "slug");
  hub.updateApp(slug, { webhookSecret: webhook.secret });
  const key = { appId: numberAt(app, "id"), privateKeyPem: textAt(app, "pem") };
  r.tokens[slug] = () => jwt(key);
  return slug;
}

/** Everything that befalls an installation of the app. */
export async function playInstallation(stage: Stage, slug: string): Promise<void> {
  const { recorder: r, hub } = stage;
  await hub.createRepository({ owner: "wendy", name: "attic", from: { a: "1\n" } });
  await hub.createRepository({ owner: "wendy", name: "cellar", from: { a: "1\n" } });
  const { id: installation_id } = await hub.install(slug, "wendy", ["attic"]);
  await r.call(`${slug} apps/get-user-installation`, { username: "wendy" });
  await hub.changeInstallation(installation_id, { add: ["cellar"] });
  await hub.changeInstallation(installation_id, { remove: ["attic"] });
  await hub.changeInstallation(installation_id, { permissions: { issues: "read" } });
  await r.call(`${slug} apps/suspend-installation`, { installation_id });
  await r.call(
    `${slug} apps/create-installation-access-token`,
    { installation_id },
    { expect: 403 },
  );
  await r.call(`${slug} apps/get-installation`, { installation_id });
  await r.call(`${slug} apps/unsuspend-installation`, { installation_id });
  await r.call(`${slug} apps/delete-installation`, { installation_id });
  await r.call(`${slug} apps/delete-installation`, { installation_id }, { expect: 404 });
  const everywhere = await hub.install(slug, "acme", "all");
  await r.call(`${slug} apps/get-org-installation`, { org: "acme" });
  await hub.createRepository({ owner: "acme", name: "new" });
  await hub.uninstall(everywhere.id);
}
