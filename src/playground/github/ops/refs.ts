import { createRef, deleteRef, updateRef } from "../code/refs.ts";
import { gitOf } from "../context.ts";
import { ApiError, notFound, unprocessable } from "../errors.ts";
import { listRefs, objectType, readRef } from "../git/read.ts";
import {
  actOf,
  type Call,
  created,
  type Handlers,
  list,
  noContent,
  ok,
  param,
  type Reply,
  repoOf,
} from "../http/call.ts";
import { refReply } from "../render/code.ts";

export const REFS: Handlers = {
  "git/get-ref": getRef,
  "git/list-matching-refs": listMatching,
  "git/create-ref": async (call) => {
    const { ref, sha } = call.body as { ref: string; sha: string };
    if (!ref.startsWith("refs/") || ref.split("/").length < 3) {
      throw unprocessable("Reference name must start with 'refs/' and have at least two slashes.");
    }
    await createRef(actOf(call), ref, sha);
    return created(await shown(call, ref, sha));
  },
  "git/update-ref": async (call) => {
    const { sha, force } = call.body as { sha: string; force?: boolean };
    const ref = `refs/${param(call, "ref")}`;
    await updateRef(actOf(call), ref, { sha, force: force ?? false });
    return ok(await shown(call, ref, sha));
  },
  "git/delete-ref": async (call) => {
    await deleteRef(actOf(call), `refs/${param(call, "ref")}`);
    return noContent();
  },
};

async function shown(call: Call, name: string, sha: string): Promise<Record<string, unknown>> {
  const type = (await objectType(gitOf(call.hub, repoOf(call)), sha)) ?? "commit";
  return refReply(call.hub, repoOf(call), { name, sha, type });
}

async function getRef(call: Call): Promise<Reply> {
  const git = gitOf(call.hub, repoOf(call));
  const name = param(call, "ref").replace(/^refs\//, "");
  if (!/^(heads|tags|pull)\/./.test(name)) throw notFound();
  const sha = await readRef(git, `refs/${name}`);
  if (sha === undefined) {
    if ((await listRefs(git)).size === 0) throw new ApiError(409, "Git Repository is empty.");
    throw notFound();
  }
  return ok(await shown(call, `refs/${name}`, sha));
}

async function listMatching(call: Call): Promise<Reply> {
  const git = gitOf(call.hub, repoOf(call));
  const prefix = `refs/${param(call, "ref").replace(/^refs\//, "")}`;
  const refs = [...(await listRefs(git))].filter(([ref]) => ref.startsWith(prefix));
  return list(refs, ([ref, sha]) => shown(call, ref, sha));
}
