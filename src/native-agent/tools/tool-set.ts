import type { ToolSet } from "ai";
import type { ToolName } from "../config.ts";
import { bashTool } from "./bash.ts";
import { editTool, writeTool } from "./change.ts";
import { readTool } from "./read.ts";
import { globTool, grepTool } from "./search.ts";

/**
 * The tools that work on `root`; exactly those in `names` exist. `heartbeat` is called while a command prints, with the
 * id of its tool call.
 */
export function toolSet(
  root: string,
  names: readonly ToolName[],
  heartbeat: (toolCallId: string) => void,
): ToolSet {
  const all: Record<ToolName, () => ToolSet[string]> = {
    read: () => readTool(root),
    glob: () => globTool(root),
    grep: () => grepTool(root),
    edit: () => editTool(root),
    write: () => writeTool(root),
    bash: () => bashTool(root, heartbeat),
  };
  return Object.fromEntries(names.map((name) => [name, all[name]()]));
}
