import type { Act } from "../context.ts";
import type { Issue } from "../store/issue-records.ts";

// docs.github.com, "Linking a pull request to an issue": the nine keywords, any case, colon allowed.
const CLOSING =
  /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:([\w.-]+\/[\w.-]+)#|#)(\d+)\b/gi;

/** Open issues of the repository that a text closes by keyword. */
export function closedByText(act: Act, text: string): Issue[] {
  const { hub, repo } = act;
  const own = hub.store.fullName(repo).toLowerCase();
  const issues: Issue[] = [];
  for (const [, name, number] of text.matchAll(CLOSING)) {
    if (name !== undefined && name.toLowerCase() !== own) continue;
    const issue = hub.store.issue(repo.id, Number(number));
    if (issue?.pullId === null && issue.state === "open" && !issues.includes(issue)) {
      issues.push(issue);
    }
  }
  return issues;
}
