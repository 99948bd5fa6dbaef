import { z } from "zod";
import { Sha } from "../ids.ts";
import { DESCRIBING_SECTION } from "../triage/words.ts";
import { linkedPlans, readSuppliedPlan } from "./supplied-plan.ts";

/** Where a plan stands that somebody wrote for the run; a file as it is at that commit of its own repository. */
export const PlanSource = z.discriminatedUnion("from", [
  z.object({ from: z.enum(["command", "issue"]) }),
  z.object({ from: z.literal("file"), path: z.string().max(500), sha: Sha }),
]);
export type PlanSource = z.infer<typeof PlanSource>;

/** A plan that a request holds, or the documents that it refers to. */
export type Mention =
  | { readonly from: "command" | "issue"; readonly text: string }
  | { readonly from: "file"; readonly paths: readonly string[] };

/**
 * The plan that a request brings: its command before its issue, and in each a plan in full before a link to one.
 * Undefined when there is none.
 */
export function planMention(
  request: { readonly command: string; readonly issue: string },
  repoUrl?: string,
): Mention | undefined {
  for (const from of ["command", "issue"] as const) {
    const text = withoutDescribing(request[from]);
    if (holdsPlan(text)) return { from, text };
    const paths = linkedPlans(text, repoUrl);
    if (paths.length > 0) return { from: "file", paths };
  }
  return undefined;
}

/**
 * A heading that says plan followed by a list, or at least three numbered tasks. A list of tasks is a checklist of
 * requirements as often as a plan, and is read as one.
 */
function holdsPlan(text: string): boolean {
  const numbered = text.match(/^\s{0,3}(#{1,6}\s*)?(task|step|phase)\s+\d+\b/gim) ?? [];
  const headed =
    /^\s{0,3}(#{1,6}\s*|\*\*)((the|implementation|proposed|execution|work)\s+)?plan\b[^\n]*\n\s*([-*+]|\d+[.)])\s/im.test(
      text,
    );
  return (numbered.length >= 3 || headed) && readSuppliedPlan(text) !== undefined;
}

/** Without sections that only describe: the steps that reproduce a fault are no plan, and a link there is no order. */
function withoutDescribing(markdown: string): string {
  let describing = 0;
  let fence: string | undefined;
  return markdown
    .split("\n")
    .filter((line) => {
      const mark = /^\s{0,3}(```+|~~~+)/.exec(line)?.[1];
      if (fence === undefined) fence = mark?.slice(0, 3);
      else if (mark?.startsWith(fence)) fence = undefined;
      const heading = fence === undefined && mark === undefined ? headingOf(line) : undefined;
      if (heading && (describing === 0 || heading.level <= describing))
        describing = DESCRIBING_SECTION.test(heading.text) ? heading.level : 0;
      return describing === 0;
    })
    .join("\n");
}

function headingOf(line: string): { level: number; text: string } | undefined {
  if (line.length > 300) return undefined;
  const hashes = /^\s{0,3}(#{1,6})\s+(.+?)\s*#*$/.exec(line);
  if (hashes) return { level: hashes[1]?.length ?? 1, text: (hashes[2] ?? "").toLowerCase() };
  const bold = /^\s{0,3}\*\*([^*]+)\*\*:?\s*$/.exec(line);
  return bold ? { level: 7, text: (bold[1] ?? "").toLowerCase() } : undefined;
}
