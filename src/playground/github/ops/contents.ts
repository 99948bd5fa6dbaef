import { commitFile } from "../code/files.ts";
import { gitOf } from "../context.ts";
import { ApiError, notFound, unprocessable } from "../errors.ts";
import type { CommitInfo, TreeEntry } from "../git/code-view.ts";
import { entryAt, listTree, readBlob, resolveCommit } from "../git/read.ts";
import type { Identity } from "../git/write.ts";
import {
  actOf,
  type Call,
  type Handlers,
  ok,
  param,
  type Reply,
  repoOf,
  textQuery,
} from "../http/call.ts";
import { contentEntry, gitCommitReply } from "../render/code.ts";

export const CONTENTS: Handlers = {
  "repos/get-content": getContent,
  "repos/create-or-update-file-contents": putContent,
  "repos/delete-file": deleteContent,
  "repos/get-readme": getReadme,
};

/** docs: files above this have no content in the JSON form. */
const MAX_INLINE = 1024 * 1024;

interface Place {
  ref: string;
  commit: string;
}

async function placeOf(call: Call): Promise<Place> {
  const ref = textQuery(call, "ref") ?? repoOf(call).defaultBranch;
  const commit = await resolveCommit(gitOf(call.hub, repoOf(call)), ref);
  if (commit !== undefined) return { ref, commit };
  const named = textQuery(call, "ref");
  // GitHub's words for the two cases.
  if (named === undefined) throw new ApiError(404, "This repository is empty.");
  throw new ApiError(404, `No commit found for the ref ${named}`);
}

async function getContent(call: Call): Promise<Reply> {
  const place = await placeOf(call);
  const path = param(call, "path").replace(/^\/+|\/+$/g, "");
  if (path === "") return folder(call, place, { path: "", sha: place.commit });
  const entry = await entryAt(gitOf(call.hub, repoOf(call)), place.commit, path);
  if (entry === undefined) throw notFound();
  if (entry.type === "tree") return folder(call, place, entry);
  return entryReply(call, place, { ...entry, path });
}

async function folder(call: Call, place: Place, at: { path: string; sha: string }): Promise<Reply> {
  const git = gitOf(call.hub, repoOf(call));
  const prefix = at.path === "" ? "" : `${at.path}/`;
  const entries = (await listTree(git, at.sha)).map((entry) =>
    contentEntry(call.hub, repoOf(call), {
      entry: { ...entry, path: `${prefix}${entry.path}` },
      ref: place.ref,
    }),
  );
  if (!/\bobject\b/.test(call.accept)) return ok(entries);
  const self = {
    name: at.path.split("/").at(-1) ?? "",
    path: at.path,
    sha: at.sha,
    mode: "040000",
  };
  const entry: TreeEntry = { ...self, type: "tree", size: null };
  return ok({ ...contentEntry(call.hub, repoOf(call), { entry, ref: place.ref }), entries });
}

async function entryReply(call: Call, place: Place, entry: TreeEntry): Promise<Reply> {
  const head = contentEntry(call.hub, repoOf(call), { entry, ref: place.ref });
  if (entry.type === "commit") return ok({ ...head, type: "submodule", submodule_git_url: null });
  const content = await readBlob(gitOf(call.hub, repoOf(call)), entry.sha);
  if (/\braw\b/.test(call.accept)) {
    return { status: 200, raw: content, type: "application/vnd.github.raw; charset=utf-8" };
  }
  if (entry.mode === "120000") {
    return ok({ ...head, type: "symlink", target: content.toString("utf8") });
  }
  const inline = content.length <= MAX_INLINE;
  return ok({
    ...head,
    content: inline ? base64Lines(content) : "",
    encoding: inline ? "base64" : "none",
  });
}

/** GitHub breaks base64 into lines of 60 characters, each with its newline. */
export function base64Lines(content: Buffer): string {
  return content.toString("base64").replaceAll(/.{1,60}/g, "$&\n");
}

async function getReadme(call: Call): Promise<Reply> {
  const place = await placeOf(call);
  const entries = await listTree(gitOf(call.hub, repoOf(call)), place.commit);
  const readme = entries.find((e) => e.type === "blob" && /^readme(\.\w+)?$/i.test(e.name));
  if (readme === undefined) throw notFound();
  return entryReply(call, place, readme);
}

interface FileBody {
  message: string;
  content?: string;
  sha?: string;
  branch?: string;
  author?: Identity;
  committer?: Identity;
}

async function putContent(call: Call): Promise<Reply> {
  const body = call.body as FileBody;
  const text = body.content ?? "";
  if (!/^[A-Za-z0-9+/\s]*=*\s*$/.test(text)) throw unprocessable("content is not valid Base64");
  const commit = await commitBytes(call, { ...body, bytes: Buffer.from(text, "base64") });
  const git = gitOf(call.hub, repoOf(call));
  const path = param(call, "path");
  const entry = await entryAt(git, commit.sha, path);
  if (entry === undefined) throw new Error(`Read ${path} at ${commit.sha}: it was just written.`);
  const ref = body.branch ?? repoOf(call).defaultBranch;
  return {
    status: body.sha === undefined ? 201 : 200,
    body: {
      content: contentEntry(call.hub, repoOf(call), { entry: { ...entry, path }, ref }),
      commit: gitCommitReply(call.hub, repoOf(call), commit),
    },
  };
}

async function deleteContent(call: Call): Promise<Reply> {
  const commit = await commitBytes(call, { ...(call.body as FileBody), bytes: null });
  return ok({ content: null, commit: gitCommitReply(call.hub, repoOf(call), commit) });
}

async function commitBytes(
  call: Call,
  body: FileBody & { bytes: Buffer | null },
): Promise<CommitInfo> {
  return commitFile(actOf(call), {
    branch: body.branch ?? repoOf(call).defaultBranch,
    path: param(call, "path"),
    content: body.bytes,
    message: body.message,
    sha: body.sha,
    ...(body.author === undefined ? {} : { author: body.author }),
    ...(body.committer === undefined ? {} : { committer: body.committer }),
  });
}
