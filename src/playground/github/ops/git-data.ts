import { refuseArchived } from "../acts/subject.ts";
import { requireRole } from "../auth/roles.ts";
import { mayPushWorkflows } from "../code/push-rules.ts";
import { workflowRefusal } from "../code/refs.ts";
import { type Act, gitOf, repoUrl } from "../context.ts";
import { notFound, unprocessable } from "../errors.ts";
import type { TreeEntry } from "../git/code-view.ts";
import { listTree, objectType, readBlob, readCommit, resolveCommit } from "../git/read.ts";
import { type Identity, type TreeChange, writeBlob, writeCommit, writeTree } from "../git/write.ts";
import {
  actOf,
  type Call,
  created,
  type Handlers,
  ok,
  param,
  type Reply,
  repoOf,
} from "../http/call.ts";
import { identityOf } from "../pulls/merge.ts";
import { gitCommitReply } from "../render/code.ts";
import { gitNodeId } from "../render/node-id.ts";
import { base64Lines } from "./contents.ts";

export const GIT_DATA: Handlers = {
  "git/get-blob": getBlob,
  "git/create-blob": createBlob,
  "git/get-tree": getTree,
  "git/create-tree": createTree,
  "git/get-commit": async (call) => ok(await commitAt(call, param(call, "commit_sha"))),
  "git/create-commit": createCommit,
  "git/get-tag": getTag,
  "git/create-tag": createTag,
};

/** A writer's act; every object made here is invisible until a ref reaches it. */
function writing(call: Call): Act {
  const act = actOf(call);
  refuseArchived(act);
  requireRole(act, "write");
  return act;
}

async function getBlob(call: Call): Promise<Reply> {
  const git = gitOf(call.hub, repoOf(call));
  const sha = param(call, "file_sha");
  if ((await objectType(git, sha)) !== "blob") throw notFound();
  const content = await readBlob(git, sha);
  if (/\braw\b/.test(call.accept)) {
    return { status: 200, raw: content, type: "application/vnd.github.raw; charset=utf-8" };
  }
  return ok({
    sha,
    node_id: gitNodeId("B", repoOf(call).id, sha),
    size: content.length,
    url: `${repoUrl(call.hub, repoOf(call))}/git/blobs/${sha}`,
    content: base64Lines(content),
    encoding: "base64",
  });
}

async function createBlob(call: Call): Promise<Reply> {
  const act = writing(call);
  const { content, encoding = "utf-8" } = call.body as { content: string; encoding?: string };
  const bytes = Buffer.from(content, encoding === "base64" ? "base64" : "utf8");
  const sha = await writeBlob(gitOf(call.hub, act.repo), bytes);
  return created({ sha, url: `${repoUrl(call.hub, act.repo)}/git/blobs/${sha}` });
}

async function treeReply(call: Call, sha: string, recursive: boolean): Promise<object> {
  const url = `${repoUrl(call.hub, repoOf(call))}/git`;
  const entries = await listTree(gitOf(call.hub, repoOf(call)), sha, { recursive });
  return {
    sha,
    url: `${url}/trees/${sha}`,
    tree: entries.map((entry) => treeEntry(url, entry)),
    truncated: false,
  };
}

function treeEntry(url: string, entry: TreeEntry): Record<string, unknown> {
  const { path, mode, type, sha, size } = entry;
  const kind = type === "tree" ? "trees" : "blobs";
  return {
    path,
    mode,
    type,
    sha,
    ...(size === null ? {} : { size }),
    ...(type === "commit" ? {} : { url: `${url}/${kind}/${sha}` }),
  };
}

async function getTree(call: Call): Promise<Reply> {
  const git = gitOf(call.hub, repoOf(call));
  const name = param(call, "tree_sha");
  const type = await objectType(git, name);
  const commit = type === "tree" ? undefined : await resolveCommit(git, name);
  const tree = type === "tree" ? name : commit && (await readCommit(git, commit))?.treeSha;
  if (tree === undefined) throw notFound();
  // The description: any value of `recursive`, even "0" or "false", lists the whole tree.
  return ok(await treeReply(call, tree, call.query["recursive"] !== undefined));
}

interface TreeBody {
  base_tree?: string;
  tree: { path?: string; mode?: string; type?: string; sha?: string | null; content?: string }[];
}

async function createTree(call: Call): Promise<Reply> {
  const act = writing(call);
  const git = gitOf(call.hub, act.repo);
  const body = call.body as TreeBody;
  if (body.base_tree !== undefined && (await objectType(git, body.base_tree)) === undefined) {
    throw unprocessable("base_tree is not a valid tree oid");
  }
  const changes: TreeChange[] = [];
  for (const { path = "", mode = "100644", sha, content } of body.tree) {
    if (path.startsWith(".github/workflows/") && !mayPushWorkflows(act))
      throw workflowRefusal(path);
    if (path === "" || path.split("/").some((p) => p === "" || p === ".." || p === ".git")) {
      throw unprocessable("tree.path contains a malformed path component");
    }
    const blob = content === undefined ? (sha ?? null) : await writeBlob(git, Buffer.from(content));
    if (blob !== null && mode !== "160000" && (await objectType(git, blob)) === undefined) {
      throw unprocessable(`tree.sha ${blob} is not a valid ${mode === "040000" ? "tree" : "blob"}`);
    }
    changes.push({ path, mode, sha: blob });
  }
  const tree = await writeTree(git, body.base_tree ?? null, changes);
  return created(await treeReply(call, tree, false));
}

async function commitAt(call: Call, sha: string): Promise<Record<string, unknown>> {
  const commit = await readCommit(gitOf(call.hub, repoOf(call)), sha);
  if (commit === undefined) throw notFound();
  return gitCommitReply(call.hub, repoOf(call), commit);
}

async function createCommit(call: Call): Promise<Reply> {
  const act = writing(call);
  const git = gitOf(call.hub, act.repo);
  const body = call.body as {
    message: string;
    tree: string;
    parents?: string[];
    author?: Identity;
    committer?: Partial<Identity>;
  };
  if ((await objectType(git, body.tree)) !== "tree") throw unprocessable("Tree SHA does not exist");
  for (const parent of body.parents ?? []) {
    if ((await objectType(git, parent)) !== "commit") {
      throw unprocessable("Parent SHA does not exist or is not a commit object");
    }
  }
  const author = body.author ?? identityOf(act);
  const sha = await writeCommit(git, {
    tree: body.tree,
    parents: body.parents ?? [],
    message: body.message,
    author,
    // The description: the committer defaults to the author's values.
    committer: { ...author, ...body.committer },
  });
  return created(await commitAt(call, sha));
}

async function tagReply(call: Call, sha: string): Promise<Record<string, unknown>> {
  const git = gitOf(call.hub, repoOf(call));
  const text = await git.text(["cat-file", "tag", sha]);
  const end = text.indexOf("\n\n");
  const fields = new Map(
    text
      .slice(0, end)
      .split("\n")
      .map(
        (line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)] as const,
      ),
  );
  const tagger = /^(.*) <(.*)> (\d+) [+-]\d{4}$/.exec(fields.get("tagger") ?? "");
  const date = new Date(Number(tagger?.[3] ?? 0) * 1000).toISOString().replace(".000", "");
  const type = fields.get("type") ?? "commit";
  const url = `${repoUrl(call.hub, repoOf(call))}/git`;
  return {
    node_id: gitNodeId("TAG", repoOf(call).id, sha),
    tag: fields.get("tag"),
    sha,
    url: `${url}/tags/${sha}`,
    message: text.slice(end + 2),
    tagger: { name: tagger?.[1] ?? "", email: tagger?.[2] ?? "", date },
    object: {
      type,
      sha: fields.get("object"),
      url: `${url}/${type}s/${fields.get("object") ?? ""}`,
    },
    verification: {
      verified: false,
      reason: "unsigned",
      signature: null,
      payload: null,
      verified_at: null,
    },
  };
}

async function getTag(call: Call): Promise<Reply> {
  const sha = param(call, "tag_sha");
  if ((await objectType(gitOf(call.hub, repoOf(call)), sha)) !== "tag") throw notFound();
  return ok(await tagReply(call, sha));
}

async function createTag(call: Call): Promise<Reply> {
  const act = writing(call);
  const git = gitOf(call.hub, act.repo);
  const body = call.body as {
    tag: string;
    message: string;
    object: string;
    type: string;
    tagger?: Identity;
  };
  if ((await objectType(git, body.object)) !== body.type)
    throw unprocessable("Object does not exist");
  const who = body.tagger ?? identityOf(act);
  const seconds = Math.floor((who.date ? Date.parse(who.date) : call.hub.now()) / 1000);
  const text =
    `object ${body.object}\ntype ${body.type}\ntag ${body.tag}\n` +
    `tagger ${who.name} <${who.email}> ${seconds} +0000\n\n${body.message.replace(/\n?$/, "\n")}`;
  const sha = await git.text(["mktag"], { input: text });
  return created(await tagReply(call, sha));
}
