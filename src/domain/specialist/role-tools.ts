/** What an agent can be given here. `dispatch` and `todo` are carried out by the host from the accepted plan. */
const APP_TOOLS = [
  "ask_human",
  "bash",
  "dispatch",
  "edit",
  "glob",
  "grep",
  "load_skill",
  "read",
  "todo",
  "write",
] as const;
export type AppTool = (typeof APP_TOOLS)[number];

/** The tools that run inside the jail; the rest are answered by the host. */
const JAIL_TOOLS = ["read", "glob", "grep", "edit", "write", "bash"] as const;
export type JailTool = (typeof JAIL_TOOLS)[number];

const BY_DEFINITION_NAME: ReadonlyMap<string, AppTool> = new Map([
  ["AskUserQuestion", "ask_human"],
  ["Bash", "bash"],
  ["Edit", "edit"],
  ["MultiEdit", "edit"],
  ["NotebookEdit", "edit"],
  ["Glob", "glob"],
  ["LS", "glob"],
  ["Grep", "grep"],
  ["Read", "read"],
  ["NotebookRead", "read"],
  ["Skill", "load_skill"],
  ["Agent", "dispatch"],
  ["Task", "dispatch"],
  ["TodoWrite", "todo"],
  ["Write", "write"],
]);

/** What a definition's tool list comes to under a role's ceiling. */
export interface ToolGrant {
  readonly tools: readonly AppTool[];
  /** Names that were asked for and not granted, each with the reason. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * The intersection of what a definition asks for and what its role may have: never more than `ceiling`. An empty list
 * or `*` asks for everything the role may have. A restricted form such as `Bash(git:*)` is refused, because granting
 * the whole tool would be wider than what was asked.
 */
export function grantTools(asked: readonly string[], ceiling: readonly AppTool[]): ToolGrant {
  if (asked.length === 0 || asked.includes("*")) return { tools: [...ceiling], refused: [] };
  const granted = new Set<AppTool>();
  const refused: { name: string; reason: string }[] = [];
  for (const name of asked) {
    const reason = grantOne(name, ceiling, granted);
    if (reason) refused.push({ name, reason });
  }
  return { tools: APP_TOOLS.filter((tool) => granted.has(tool)), refused };
}

function grantOne(
  name: string,
  ceiling: readonly AppTool[],
  granted: Set<AppTool>,
): string | undefined {
  const [base = "", restriction] = name.split("(", 2);
  const tool = BY_DEFINITION_NAME.get(base.trim());
  if (!tool) return "there is no such tool here";
  if (!ceiling.includes(tool)) return `the role's limits do not include ${tool}`;
  if (restriction !== undefined && tool !== "dispatch")
    return "a restricted form cannot be enforced, and the whole tool would be more than was asked";
  granted.add(tool);
  return undefined;
}

/** Those of `tools` that the agent finds inside the jail. */
export function jailTools(tools: readonly AppTool[]): JailTool[] {
  return JAIL_TOOLS.filter((tool) => tools.includes(tool));
}
