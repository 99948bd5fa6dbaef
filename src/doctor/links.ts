import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import type { SourceFile } from "../agents/definitions/definition-file.ts";
import { normaliseText } from "../agents/definitions/front-matter.ts";
import { textLines } from "../agents/definitions/markdown-lines.ts";
import type { Diagnostic } from "../domain/skill/definition.ts";
import type { OpenTree } from "./examine.ts";

/** Relative Markdown links that lead to no file, outside code. Links that leave the folder are told as well. */
export function danglingLinks(open: OpenTree): Diagnostic[] {
  const { agentsDir, skillsDir } = open.tree;
  return [
    ...linksIn(agentsDir, [...(open.agents?.files.values() ?? [])]),
    ...linksIn(skillsDir, [...(open.skills?.files.values() ?? [])]),
  ];
}

function linksIn(dir: string | undefined, files: readonly SourceFile[]): Diagnostic[] {
  if (dir === undefined) return [];
  return files.flatMap((file) =>
    textLines(normaliseText(file.text), 1).flatMap((line) =>
      targetsOf(line.text).flatMap((target) => {
        const problem = problemOf(dir, file.path, target);
        return problem ? [{ ...problem, file: file.path, line: line.number }] : [];
      }),
    ),
  );
}

function targetsOf(text: string): string[] {
  const prose = text.replace(/(`+)(?:(?!\1).)*\1/g, "");
  return [...prose.matchAll(/\]\(\s*<?([^\s()<>]+)>?(?:\s+["'][^"']*["'])?\s*\)/g)]
    .map((match) => match[1] ?? "")
    .filter((target) => !/^([a-z][a-z0-9+.-]*:|#|\/\/)/i.test(target));
}

function problemOf(
  dir: string,
  from: string,
  target: string,
): Pick<Diagnostic, "severity" | "rule" | "message"> | undefined {
  const path = decode(target.replace(/[?#].*$/, ""));
  if (path === "") return undefined;
  if (path.startsWith("/"))
    return {
      severity: "warning",
      rule: "absolute-link",
      message: `the link ${target} is absolute`,
    };
  const inner = normalize(join(dirname(from), path));
  if (inner.startsWith(".."))
    return {
      severity: "warning",
      rule: "link-outside",
      message: `the link ${target} leaves the folder`,
    };
  if (existsSync(join(dir, inner))) return undefined;
  return { severity: "error", rule: "dangling", message: `the link ${target} leads to no file` };
}

function decode(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}
