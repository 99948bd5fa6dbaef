import { unreferring } from "../reports/markdown.ts";
import type { Identity } from "./checkout.ts";

const OTHERS = /^(co-authored-by|signed-off-by|[a-z]+(-[a-z]+)*-by|change-id|cc)\s*:/i;

/**
 * The message of a commit of ours: no control characters, no lines that speak in other people's names, nothing that
 * names people or closes issues when it reaches the default branch.
 */
export function cleanMessage(message: string): string {
  const lines = unreferring(message)
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[^\P{Cc}\n\t]/gu, "")
    .split("\n")
    .filter((line) => !OTHERS.test(line.trim()));
  const text = lines.join("\n").trim().slice(0, 20_000);
  return `${text === "" ? "Change" : text}\n`;
}

/** Author and committer of a commit of ours at a time in whole seconds since 1970. */
export function commitEnvironment(identity: Identity, seconds: number): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: identity.name,
    GIT_AUTHOR_EMAIL: identity.email,
    GIT_AUTHOR_DATE: `@${seconds} +0000`,
    GIT_COMMITTER_NAME: identity.name,
    GIT_COMMITTER_EMAIL: identity.email,
    GIT_COMMITTER_DATE: `@${seconds} +0000`,
  };
}
