import type { RunView } from "../domain/run/run.ts";
import type { SteeringView } from "../domain/run/steering.ts";
import { clip, code, details, inert } from "./markdown.ts";
import { listed } from "./words.ts";

const LATEST = 50;

/** What people said to the run while it went on, and who of the specialists was told; undefined when nothing was. */
export function instructionList(view: RunView): string | undefined {
  const { steering } = view;
  if (steering.length === 0) return undefined;
  const lines = steering.slice(-LATEST).map(lineOf);
  return details(`Instructions while it ran (${steering.length})`, lines.join("\n"));
}

function lineOf({ by, text, taken }: SteeringView): string {
  const roles = [...new Set(taken.map(({ role }) => role))];
  const who = roles.length === 0 ? "nobody yet" : listed(roles.map(code));
  return `- ${inert(by)}: ${clip(inert(text), 500)} (told to ${who})`;
}
