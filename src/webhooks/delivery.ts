import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import type { Delivery } from "../ports/stores.ts";

const Headers = z.object({
  "x-github-delivery": z.string().regex(/^[A-Za-z0-9-]{1,100}$/),
  "x-github-event": z.string().regex(/^[a-z0-9_]{1,60}$/),
});

const Action = z.object({ action: z.string().regex(/^[a-z_]{1,60}$/) });

const CreatedComment = z.object({
  action: z.literal("created"),
  installation: z.object({ id: z.number().int() }),
  repository: z.object({ id: z.number().int() }),
  comment: z.object({ id: z.number().int(), updated_at: z.string().max(40) }),
});

/** The delivery in a request whose signature is right; undefined when it is not one. */
export function readDelivery(request: {
  headers: IncomingHttpHeaders;
  body: Buffer;
  receivedAt: string;
}): Delivery | undefined {
  const headers = Headers.safeParse(request.headers);
  const payload = request.body.toString("utf8");
  const json = parseObject(payload);
  if (!headers.success || json === undefined) return undefined;
  const event = headers.data["x-github-event"];
  const action = Action.safeParse(json);
  const contentKey = contentKeyOf(event, json);
  return {
    id: headers.data["x-github-delivery"],
    event,
    action: action.success ? action.data.action : undefined,
    payload,
    receivedAt: request.receivedAt,
    ...(contentKey === undefined ? {} : { contentKey }),
  };
}

/** The JSON object in `text`; undefined when it is another value or not JSON. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const EditedComment = z.object({
  action: z.literal("edited"),
  installation: z.object({ id: z.number().int() }),
  repository: z.object({ id: z.number().int() }),
  sender: z.object({ id: z.number().int() }),
  comment: z.object({
    id: z.number().int(),
    body: z.string(),
    performed_via_github_app: z.object({ id: z.number().int() }),
  }),
});

/**
 * One comment told by a repository's hook and by the app's hook is one command. A delivery without an installation
 * cannot be answered, so it takes no key away from the one that can.
 */
function contentKeyOf(event: string, json: Record<string, unknown>): string | undefined {
  if (event !== "issue_comment") return undefined;
  const created = CreatedComment.safeParse(json);
  if (!created.success) return editKeyOf(json);
  const { repository, comment } = created.data;
  return `comment:${repository.id}:${comment.id}:${comment.updated_at}`;
}

/** An edit of an app's comment by what it made of it: two ticks within the second that timestamps have are two. */
function editKeyOf(json: Record<string, unknown>): string | undefined {
  const edited = EditedComment.safeParse(json);
  if (!edited.success) return undefined;
  const { repository, sender, comment } = edited.data;
  const hash = createHash("sha256").update(comment.body).digest("hex").slice(0, 32);
  return `edit:${repository.id}:${comment.id}:${sender.id}:${hash}`;
}
