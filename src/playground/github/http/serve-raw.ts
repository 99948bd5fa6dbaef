import type { IncomingMessage, ServerResponse } from "node:http";
import { identify } from "../auth/identify.ts";
import { canSee } from "../auth/roles.ts";
import { logAt } from "../checks/reported.ts";
import { gitOf, type Hub } from "../context.ts";
import { diffText } from "../git/diff.ts";
import { mergeBase } from "../git/read.ts";
import { codeOf } from "../git/repository-code.ts";
import type { Account, Repository } from "../store/records.ts";

/** Serves what replies name by address but no operation gives: raw files, diffs and pictures of people. */
export async function serveRaw(
  hub: Hub,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<boolean> {
  if (req.method !== "GET") return false;
  const { pathname } = new URL(req.url ?? "/", "http://localhost");
  const picture = /^\/avatars\/(\d+)\.svg$/.exec(pathname)?.[1];
  const account = picture === undefined ? undefined : hub.store.accounts.get(Number(picture));
  if (account !== undefined) {
    answer(res, "image/svg+xml", avatar(account));
    return true;
  }
  const parts = pathname.split("/").slice(1).map(decodeURIComponent);
  const [owner = "", name = "", kind, ...rest] = parts;
  const repo =
    kind === "raw" || kind === "pull" || kind === "job-logs"
      ? hub.store.repository(`${owner}/${name}`)
      : undefined;
  const log = repo === undefined || kind !== "job-logs" ? undefined : logAt(hub, repo, rest);
  if (log !== undefined) {
    answer(res, "text/plain; charset=utf-8", log);
    return true;
  }
  if (repo === undefined || !readable(hub, repo, req)) return false;
  const content = kind === "raw" ? await rawFile(hub, repo, rest) : await pullDiff(hub, repo, rest);
  if (content === undefined) return false;
  answer(res, "text/plain; charset=utf-8", content);
  return true;
}

function readable(hub: Hub, repo: Repository, req: IncomingMessage): boolean {
  return !repo.private || canSee(hub, repo, identify(hub, req.headers.authorization));
}

function answer(res: ServerResponse, type: string, content: Buffer | string): void {
  res.writeHead(200, { "content-type": type, "x-content-type-options": "nosniff" });
  res.end(content);
}

/** The ref may have slashes: the shortest beginning that names a commit is taken. */
async function rawFile(hub: Hub, repo: Repository, rest: string[]): Promise<Buffer | undefined> {
  const code = codeOf(gitOf(hub, repo));
  for (let i = 1; i < rest.length; i += 1) {
    const ref = rest.slice(0, i).join("/");
    if ((await code.resolve(ref)) !== undefined) return code.file(ref, rest.slice(i).join("/"));
  }
  return undefined;
}

async function pullDiff(hub: Hub, repo: Repository, rest: string[]): Promise<Buffer | undefined> {
  const number = /^(\d+)\.diff$/.exec(rest.join("/"))?.[1];
  const issue = number === undefined ? undefined : hub.store.issue(repo.id, Number(number));
  const pull = issue && hub.store.pullOf(issue);
  if (pull === undefined) return undefined;
  const git = gitOf(hub, repo);
  const from = await mergeBase(git, pull.baseSha, pull.headSha);
  return from === undefined ? undefined : diffText(git, from, pull.headSha);
}

function avatar(account: Account): string {
  const hue = (account.id * 47) % 360;
  const letter = account.login.charAt(0).toUpperCase();
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" width="40" height="40">` +
    `<rect width="40" height="40" fill="hsl(${hue} 45% 45%)"/>` +
    `<text x="20" y="27" font-family="sans-serif" font-size="20" fill="#fff" text-anchor="middle">` +
    `${letter}</text></svg>`
  );
}
