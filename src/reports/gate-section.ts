import type { RunView } from "../domain/run/run.ts";
import { clip, code, details, fence, inert } from "./markdown.ts";
import { count, shortSha } from "./words.ts";

const FILES_NAMED = 10;
const PATCH_SHOWN = 20_000;

/** What the gates let in, sent back, put one after another or set aside; undefined when there is nothing to say. */
export function gateSection(view: RunView): string | undefined {
  const lines = [
    ...scopeLines(view),
    ...approvalLines(view),
    ...sequenceLines(view),
    ...brokenLines(view),
  ];
  const patches = asidePatches(view);
  if (lines.length === 0 && patches.length === 0) return undefined;
  return [
    ...(lines.length > 0
      ? [details(`Scope and order of the work (${lines.length})`, lines.join("\n"))]
      : []),
    ...patches,
  ].join("\n\n");
}

function scopeLines(view: RunView): string[] {
  return view.scopeFlags.map(({ taskId, files, rejected }) => {
    const end = rejected ? "; this attempt was not taken in" : "";
    return `- ${code(taskId)} changed what it did not declare or may not change alone: ${names(files)}${end}`;
  });
}

function approvalLines(view: RunView): string[] {
  return view.scopeApprovals.map(
    ({ taskId, files, by }) => `- ${names(files)} of ${code(taskId)}: approved by ${inert(by)}`,
  );
}

function sequenceLines(view: RunView): string[] {
  return view.sequenced.map(({ taskId, after, files }) => {
    const why =
      files.length > 0 ? `both write ${names(files)}` : "one of them declares no files of its own";
    return `- ${taskId} waited for ${after}: ${why}`;
  });
}

function brokenLines(view: RunView): string[] {
  return view.brokenBy.map((broken) => {
    const { sha, runs } = broken;
    const how = runs === 0 ? "the state before it was green" : `found in ${count(runs, "run")}`;
    return `- the suite is red since ${code(shortSha(sha))}, ${origin(broken)} (${how})`;
  });
}

function origin(made: RunView["brokenBy"][number]): string {
  if (made.taskId !== undefined) return `the integration of ${code(made.taskId)}`;
  return made.by === undefined ? "a commit of the host" : `which came from ${inert(made.by)}`;
}

/** The last patch that each task left for a person to apply. */
function asidePatches(view: RunView): string[] {
  const latest = new Map(view.setAside.map((one) => [one.taskId, one]));
  return [...latest.values()].map(({ taskId, files, patch }) =>
    details(
      `Workflow files for a person to apply: ${count(files.length, "file")} of task ${taskId}`,
      `This app never writes workflow files. Apply this with \`git apply\` if you want it: ${names(files)}\n\n${fence(clip(patch, PATCH_SHOWN), "diff")}`,
    ),
  );
}

function names(files: readonly string[]): string {
  const more = files.length - FILES_NAMED;
  const shown = files.slice(0, FILES_NAMED).map(code).join(", ");
  return more > 0 ? `${shown} and ${count(more, "more file")}` : shown;
}
