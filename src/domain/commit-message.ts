import type { DispatchId, RunId } from "./ids.ts";

/** What a commit of a run says, and where it comes from. */
export interface CommitWords {
  readonly subject: string;
  /** More about it, one line each. */
  readonly about?: readonly string[];
  readonly runId: RunId;
  readonly dispatchId?: DispatchId;
}

/**
 * The message of a commit of ours. It ends with trailers that name the run, and the dispatch where there was one, so
 * that the run's report can be found from any commit. Subject and lines stay lines: no text can add a trailer.
 */
export function commitMessage({ subject, about = [], runId, dispatchId }: CommitWords): string {
  const trailers = [
    `Orchestrate-Run: ${runId}`,
    ...(dispatchId === undefined ? [] : [`Orchestrate-Dispatch: ${dispatchId}`]),
  ];
  const body = about.length > 0 ? [about.map(oneLine).join("\n")] : [];
  return `${[oneLine(subject), ...body, trailers.join("\n")].join("\n\n")}\n`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
