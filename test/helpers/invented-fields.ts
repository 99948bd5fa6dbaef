import { z } from "zod";
import {
  App,
  CheckRuns,
  CollaboratorPermission,
  Comment,
  InstallationToken,
  Issue,
  PullRequest,
  Repository,
} from "../../src/github/schemas.ts";
import { ButtonPressed, CommentCreated } from "../../src/webhooks/payloads.ts";
import type { Stage } from "./stage.ts";

const NOTHING = z.object({});

/** What the app reads of each answer and each webhook; an operation that is not listed fails the stage. */
const READ: Readonly<Record<string, z.ZodType>> = {
  "apps/create-installation-access-token": InstallationToken,
  "apps/get-authenticated": App,
  "apps/list-webhook-deliveries": z.array(
    z.object({
      id: z.number(),
      guid: z.string(),
      delivered_at: z.string(),
      status: z.string(),
      event: z.string(),
    }),
  ),
  "apps/redeliver-webhook-delivery": NOTHING,
  "apps/revoke-installation-access-token": NOTHING,
  "checks/create": z.object({ id: z.number() }),
  "checks/list-for-ref": CheckRuns,
  "checks/update": NOTHING,
  "issues/create-comment": Comment,
  "issues/get": Issue,
  "issues/list-comments": z.array(Comment),
  "issues/update-comment": Comment,
  "pulls/create": PullRequest,
  "pulls/get": PullRequest,
  "pulls/list": z.array(PullRequest),
  "pulls/request-reviewers": NOTHING,
  "pulls/update": NOTHING,
  "reactions/create-for-issue-comment": NOTHING,
  "repos/get": Repository,
  "repos/get-collaborator-permission-level": CollaboratorPermission,
  graphql: NOTHING,
  "issue_comment.created": CommentCreated,
  "check_run.requested_action": ButtonPressed,
};

/** Fields that the app reads although the local GitHub made them up, and operations of which nobody knows what is read. */
export function inventedAndRead(stage: Stage): string[] {
  const asked = new Set(
    stage.hub.journal
      .requests()
      .filter(({ actor }) => actor.includes(stage.appIdentity.slug))
      .map(({ operationId }) => operationId)
      .filter((id) => !id.startsWith("git-http/")),
  );
  const unlisted = [...asked].filter((id) => !(id in READ));
  const read = stage.hub.inventedFields().filter(({ where, field }) => {
    const schema = READ[where];
    return schema !== undefined && pathsOf(schema, "").includes(field);
  });
  return [
    ...unlisted.map((id) => `${id}: list in invented-fields.ts what the app reads of it`),
    ...read.map(({ where, field }) => `${where}: ${field}`),
  ];
}

/** Dotted paths of everything a schema looks at; "[]" for any element of a list. */
function pathsOf(schema: unknown, path: string): string[] {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault
  )
    return pathsOf(schema.unwrap(), path);
  if (schema instanceof z.ZodArray) return [path, ...pathsOf(schema.element, `${path}[]`)];
  if (schema instanceof z.ZodUnion)
    return schema.options.flatMap((option) => pathsOf(option, path));
  if (!(schema instanceof z.ZodObject)) return [path];
  const own = path === "" ? [] : [path];
  const inner = Object.entries(schema.shape).flatMap(([name, property]) =>
    pathsOf(property, path === "" ? name : `${path}.${name}`),
  );
  return [...own, ...inner];
}
