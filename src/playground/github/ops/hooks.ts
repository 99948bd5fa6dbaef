import { requireRole } from "../auth/roles.ts";
import { type Hub, repoUrl, stamp } from "../context.ts";
import { notFound } from "../errors.ts";
import {
  actOf,
  appOf,
  type Call,
  created,
  type Handlers,
  idParam,
  list,
  noContent,
  ok,
  type Reply,
  repoOf,
  textQuery,
} from "../http/call.ts";
import { createHook } from "../owner/hooks.ts";
import type { Delivery, RepositoryHook } from "../store/records.ts";

interface HookConfig {
  url?: string;
  content_type?: "json" | "form";
  secret?: string;
}

export const HOOKS: Handlers = {
  "apps/get-webhook-config-for-app": (call) => ok(appConfig(call)),
  "apps/update-webhook-config-for-app": (call) => {
    const app = appOf(call);
    const change = call.body as HookConfig;
    app.webhookUrl = change.url ?? app.webhookUrl;
    app.webhookSecret = change.secret ?? app.webhookSecret;
    return ok(appConfig(call));
  },
  "apps/list-webhook-deliveries": (call) => {
    const app = appOf(call);
    return deliveries(call, (d) => d.appId === app.id);
  },
  "apps/get-webhook-delivery": (call) => {
    const app = appOf(call);
    return ok(deliveryReply(deliveryOf(call, (d) => d.appId === app.id)));
  },
  "apps/redeliver-webhook-delivery": (call) => {
    const app = appOf(call);
    return redeliver(call, (d) => d.appId === app.id);
  },
  "repos/list-webhooks": (call) => {
    requireRole(actOf(call), "admin");
    const hooks = call.hub.store.hooks.filter((h) => h.repoId === repoOf(call).id);
    return list(hooks, (h) => hookReply(call.hub, h));
  },
  "repos/get-webhook": (call) => ok(hookReply(call.hub, hookOf(call))),
  "repos/create-webhook": createWebhook,
  "repos/update-webhook": updateWebhook,
  "repos/delete-webhook": (call) => {
    call.hub.store.hooks.delete(hookOf(call).id);
    return noContent();
  },
  "repos/list-webhook-deliveries": (call) => {
    const { id } = hookOf(call);
    return deliveries(call, (d) => d.hookId === id);
  },
  "repos/get-webhook-delivery": (call) => {
    const { id } = hookOf(call);
    return ok(deliveryReply(deliveryOf(call, (d) => d.hookId === id)));
  },
  "repos/redeliver-webhook-delivery": (call) => {
    const { id } = hookOf(call);
    return redeliver(call, (d) => d.hookId === id);
  },
};

function appConfig(call: Call): Record<string, unknown> {
  const app = appOf(call);
  return {
    url: app.webhookUrl ?? "",
    content_type: "json",
    insecure_ssl: "0",
    ...(app.webhookSecret === null ? {} : { secret: "********" }),
  };
}

/** docs.github.com/rest/apps/webhooks: newest first, paged by an opaque cursor. */
function deliveries(call: Call, mine: (delivery: Delivery) => boolean): Reply {
  const size = Math.min(100, Number(call.query["per_page"] ?? 30));
  const before = Number(textQuery(call, "cursor")?.replace(/^v1_/, "") ?? Number.POSITIVE_INFINITY);
  const failure = textQuery(call, "status") === "failure";
  const all = call.hub.store.deliveries
    .filter((d) => mine(d) && d.id < before && d.statusCode !== null)
    .filter((d) => !failure || d.status !== "OK")
    .reverse();
  const page = all.slice(0, size);
  const last = page.at(-1);
  const more = all.length > size && last !== undefined;
  const next = `${call.hub.url}${call.address}?per_page=${size}&cursor=v1_${last?.id ?? 0}`;
  return {
    status: 200,
    body: page.map(deliveryItem),
    ...(more ? { headers: { link: `<${next}>; rel="next"` } } : {}),
  };
}

function deliveryItem(delivery: Delivery): Record<string, unknown> {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.createdAt,
    redelivery: delivery.redelivery,
    duration: delivery.durationSeconds,
    status: delivery.status,
    status_code: delivery.statusCode ?? 0,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repoId,
    throttled_at: null,
  };
}

function deliveryReply(delivery: Delivery): Record<string, unknown> {
  return {
    ...deliveryItem(delivery),
    url: delivery.url,
    request: {
      headers: delivery.requestHeaders,
      payload: JSON.parse(delivery.requestBody) as unknown,
    },
    response: { headers: delivery.responseHeaders, payload: delivery.responseBody },
  };
}

function deliveryOf(call: Call, mine: (delivery: Delivery) => boolean): Delivery {
  const delivery = call.hub.store.deliveries.get(idParam(call, "delivery_id"));
  if (delivery === undefined || !mine(delivery)) throw notFound();
  return delivery;
}

function redeliver(call: Call, mine: (delivery: Delivery) => boolean): Reply {
  call.hub.redeliver(deliveryOf(call, mine).id);
  return { status: 202, body: {} };
}

function hookOf(call: Call): RepositoryHook {
  requireRole(actOf(call), "admin");
  const hook = call.hub.store.hooks.get(idParam(call, "hook_id"));
  if (hook?.repoId !== repoOf(call).id) throw notFound();
  return hook;
}

function createWebhook(call: Call): Reply {
  requireRole(actOf(call), "admin");
  const body = call.body as { config?: HookConfig; events?: string[]; active?: boolean };
  const hook = createHook(call.hub, repoOf(call), {
    url: body.config?.url ?? "",
    events: body.events ?? ["push"],
    ...(body.config?.secret === undefined ? {} : { secret: body.config.secret }),
    contentType: body.config?.content_type ?? "form",
    active: body.active ?? true,
  });
  return created(hookReply(call.hub, hook));
}

function updateWebhook(call: Call): Reply {
  const hook = hookOf(call);
  const body = call.body as { config?: HookConfig; events?: string[]; active?: boolean };
  hook.url = body.config?.url ?? hook.url;
  hook.secret = body.config?.secret ?? hook.secret;
  hook.contentType = body.config?.content_type ?? hook.contentType;
  hook.events = body.events ?? hook.events;
  hook.active = body.active ?? hook.active;
  hook.updatedAt = stamp(call.hub);
  return ok(hookReply(call.hub, hook));
}

function hookReply(hub: Hub, hook: RepositoryHook): Record<string, unknown> {
  const repo = hub.store.repositories.must(hook.repoId);
  const url = `${repoUrl(hub, repo)}/hooks/${hook.id}`;
  const last = hub.store.deliveries.filter((d) => d.hookId === hook.id).at(-1);
  return {
    type: "Repository",
    id: hook.id,
    name: "web",
    active: hook.active,
    events: hook.events,
    config: {
      content_type: hook.contentType,
      insecure_ssl: "0",
      url: hook.url,
      ...(hook.secret === null ? {} : { secret: "********" }),
    },
    updated_at: hook.updatedAt,
    created_at: hook.createdAt,
    url,
    test_url: `${url}/test`,
    ping_url: `${url}/pings`,
    deliveries_url: `${url}/deliveries`,
    last_response: {
      code: last?.statusCode ?? null,
      status: last === undefined ? "unused" : last.status === "OK" ? "active" : "misconfigured",
      message: last?.status ?? null,
    },
  };
}
