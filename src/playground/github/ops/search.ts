import { canSee } from "../auth/roles.ts";
import { invalid, unprocessable } from "../errors.ts";
import { type Call, type Handlers, list, type Reply, textQuery } from "../http/call.ts";
import { issueFound } from "../render/issues.ts";
import type { Issue } from "../store/issue-records.ts";

export const SEARCH: Handlers = {
  "search/issues-and-pull-requests": search,
};

type Test = (issue: Issue) => boolean;

/** Words are looked for in title and body; of the qualifiers, those named here are known. */
function search(call: Call): Reply {
  const query = textQuery(call, "q") ?? "";
  if (query.trim() === "") throw invalid({ resource: "Search", field: "q", code: "missing" });
  const tests = [...query.matchAll(/(-?)(?:([a-z]+):)?("[^"]*"|\S+)/g)].map((match) => {
    const [, minus = "", name, value = ""] = match;
    const test = testOf(call, name, value.replaceAll('"', ""));
    return minus === "" ? test : (issue: Issue) => !test(issue);
  });
  const found = call.hub.store.issues.filter(
    (i) =>
      canSee(call.hub, call.hub.store.repositories.must(i.repoId), call.by) &&
      tests.every((accepts) => accepts(i)),
  );
  return list(
    found.reverse(),
    (i) => ({ ...issueFound(call.hub, i), score: 1 }),
    (items, total) => ({
      total_count: total,
      incomplete_results: false,
      search_type: "lexical",
      items,
    }),
  );
}

function testOf(call: Call, name: string | undefined, value: string): Test {
  const { store } = call.hub;
  const wanted = value.toLowerCase();
  if (name === undefined) {
    return (i) => `${i.title}\n${i.body ?? ""}`.toLowerCase().includes(wanted);
  }
  if (name === "repo") return (i) => i.repoId === store.repository(value)?.id;
  if (name === "is" || name === "type" || name === "state") return kindTest(call, wanted);
  if (name === "author") return (i) => i.authorId === store.account(value)?.id;
  if (name === "assignee") return (i) => i.assigneeIds.includes(store.account(value)?.id ?? -1);
  if (name === "label") {
    return (i) => store.labelsOf(i).some((l) => l.name.toLowerCase() === wanted);
  }
  if (name === "head") return (i) => store.pullOf(i)?.headRef === value;
  if (name === "base") return (i) => store.pullOf(i)?.baseRef === value;
  if (name === "in") return () => true;
  throw unprocessable(`The local GitHub has not built the search qualifier "${name}:".`);
}

function kindTest(call: Call, kind: string): Test {
  const { store } = call.hub;
  if (kind === "issue") return (i) => i.pullId === null;
  if (kind === "pr" || kind === "pull-request") return (i) => i.pullId !== null;
  if (kind === "open" || kind === "closed") return (i) => i.state === kind;
  if (kind === "merged") return (i) => Boolean(store.pullOf(i)?.mergedAt);
  if (kind === "draft") return (i) => store.pullOf(i)?.draft === true;
  throw unprocessable(`The local GitHub has not built the search qualifier "is:${kind}".`);
}
