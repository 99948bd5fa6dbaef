import { emoji } from "./emoji.ts";
import { eachElement, element, type HtmlNode, type HtmlRoot, replaceTexts, text } from "./tree.ts";

/** What a text may point at; each finder returns undefined for what does not exist. */
export interface Referents {
  /** Address of a person's page. */
  account(login: string): string | undefined;
  /** An issue or pull request; without `repo`, of the text's own repository. */
  issue(number: number, repo: string | undefined): { href: string; title: string } | undefined;
  commit(sha: string): Promise<{ href: string; sha: string } | undefined>;
}

type Commits = ReadonlyMap<string, { href: string; sha: string }>;

const REFERENCE =
  /(?<![\w/.@-])@(?<login>[A-Za-z\d](?:[A-Za-z\d-]*[A-Za-z\d])?(?:\[bot\])?)|(?<![\w/#.-])(?<repo>[\w.-]+\/[\w.-]+)?#(?<number>\d+)\b|(?<![\w/.#@-])(?<sha>[0-9a-f]{7,40})(?![\w-])|:(?<emoji>[a-z\d_+-]+):/g;

/** Links mentions, issue numbers and commits in the prose of a sanitised tree. */
export async function linkReferences(root: HtmlRoot, referents: Referents): Promise<void> {
  const shas = new Set<string>();
  eachText(root, (value) => {
    for (const match of value.matchAll(REFERENCE)) {
      if (match.groups?.["sha"] !== undefined) shas.add(match.groups["sha"]);
    }
    return [text(value)];
  });
  const commits = new Map<string, { href: string; sha: string }>();
  for (const sha of shas) {
    const found = await referents.commit(sha);
    if (found !== undefined) commits.set(sha, found);
  }
  eachText(root, (value) => linked(value, referents, commits));
}

function eachText(root: HtmlRoot, replace: (text: string) => HtmlNode[]): void {
  replaceTexts(root, replace, (node) => ["a", "code", "pre", "tt", "kbd"].includes(node.tagName));
}

function linked(value: string, referents: Referents, commits: Commits): HtmlNode[] {
  const nodes: HtmlNode[] = [];
  let done = 0;
  for (const match of value.matchAll(REFERENCE)) {
    const node = referenceNode(match, referents, commits);
    if (node === undefined) continue;
    if (match.index > done) nodes.push(text(value.slice(done, match.index)));
    nodes.push(node);
    done = match.index + match[0].length;
  }
  if (done < value.length) nodes.push(text(value.slice(done)));
  return nodes;
}

function referenceNode(
  match: RegExpExecArray,
  referents: Referents,
  commits: Commits,
): HtmlNode | undefined {
  const { login, repo, number, sha, emoji: name } = match.groups ?? {};
  if (login !== undefined) {
    const href = referents.account(login);
    return href === undefined
      ? undefined
      : element("a", { href, className: ["mention"] }, [`@${login}`]);
  }
  if (number !== undefined) {
    const issue = referents.issue(Number(number), repo);
    return issue === undefined
      ? undefined
      : element("a", { href: issue.href, title: issue.title }, [`${repo ?? ""}#${number}`]);
  }
  if (sha !== undefined) {
    const commit = commits.get(sha);
    return commit === undefined ? undefined : commitLink(commit);
  }
  const symbol = emoji(name ?? "");
  return symbol === undefined ? undefined : text(symbol);
}

function commitLink(commit: { href: string; sha: string }): HtmlNode {
  return element("a", { href: commit.href, className: ["sha"] }, [commit.sha.slice(0, 7)]);
}

const OWN_ADDRESS =
  /^\/(?<repo>[\w.-]+\/[\w.-]+)\/(?:(?:issues|pull)\/(?<number>\d+)(?<anchor>#.*)?|commit\/(?<sha>[0-9a-f]{40}))$/;

/** A bare address of one of our own pages reads as "#12" or "1a2b3c4", as GitHub shortens its own. */
export function shortenOwnLinks(root: HtmlRoot, base: string, repo: string | undefined): void {
  eachElement(root, (node) => {
    const href = node.properties["href"];
    const label = node.children[0];
    if (node.tagName !== "a" || typeof href !== "string" || label?.type !== "text") return;
    if (!href.startsWith(`${base}/`)) return;
    const path = href.slice(base.length);
    const bare = label.value === href;
    node.properties["href"] = path;
    const groups = OWN_ADDRESS.exec(path)?.groups;
    if (!bare || groups === undefined) return;
    const prefix = groups["repo"] === repo ? "" : (groups["repo"] ?? "");
    const note = groups["anchor"] === undefined ? "" : " (comment)";
    label.value =
      groups["sha"] === undefined
        ? `${prefix}#${groups["number"]}${note}`
        : `${prefix === "" ? "" : `${prefix}@`}${groups["sha"].slice(0, 7)}`;
  });
}
