import type { RepoCommand } from "../gate/evidence.ts";
import type { Phase } from "../phase.ts";
import type { Plan, PlannedTask } from "./plan.ts";
import { allTasks } from "./soundness.ts";

/** What the linter compares a plan with: the base commit's files and the repository's own commands. */
export interface LintGround {
  readonly files: readonly string[];
  readonly commands: readonly RepoCommand[];
  /** Ids of requirements that are brought about elsewhere, such as the frontend half. */
  readonly elsewhere?: readonly string[];
}

/**
 * Every reason why a plan is too vague to be carried out by a reader who knows nothing else, each with what to do;
 * empty when there is none. Exact paths, commands with the output that proves them, no placeholders, and every
 * requirement worked on by a task.
 */
export function planLint(plan: Plan, ground: LintGround): string[] {
  return [
    ...plan.phases.flatMap((phase) =>
      phase.tasks.flatMap((task) => [
        ...pathProblems(task, phase.phase, ground.files),
        ...commandProblems(task, phase.phase, ground.commands),
      ]),
    ),
    ...placeholderProblems(plan),
    ...questionProblems(plan),
    ...coverageProblems(plan, ground.elsewhere ?? []),
  ];
}

const WRITING: readonly Phase[] = ["implementation", "testing"];

function pathProblems(task: PlannedTask, phase: Phase, files: readonly string[]): string[] {
  if (WRITING.includes(phase) && task.files.length === 0)
    return [`Task ${task.id} names no file: list every file it may touch by its exact path.`];
  return task.files.flatMap((path) => {
    const fault = pathFault(path, files);
    return fault === undefined ? [] : [`Task ${task.id}: ${JSON.stringify(path)} ${fault}`];
  });
}

function pathFault(path: string, files: readonly string[]): string | undefined {
  if (/[*?{}<>|"\s]|\.\.\.|…/.test(path)) return "is a pattern: name each file by its exact path.";
  if (path.endsWith("/") || files.some((file) => file.startsWith(`${path}/`)))
    return "is a folder: name each file in it by its exact path.";
  if (path.startsWith("./") || path.includes("//"))
    return "is not in its plain form: write it from the repository's root, without ./ or //.";
  if (path.startsWith("path/to/")) return "is a placeholder: name the file.";
  if (files.includes(path)) return undefined;
  const twin = files.find((file) => file.toLowerCase() === path.toLowerCase());
  return twin === undefined ? undefined : `differs only in case from ${JSON.stringify(twin)}.`;
}

const VAGUE_OUTPUT =
  /^(?:it |everything |all |this )?(?:works?|ok|okay|fine|good|green|success(?:ful)?|pass(?:es|ing)?|no errors?|as expected|should [a-z ]+|correct(?: output)?|done)[.!]?$/i;

function commandProblems(
  task: PlannedTask,
  phase: Phase,
  commands: readonly RepoCommand[],
): string[] {
  const own = task.commands ?? [];
  const problems = own
    .filter((command) => VAGUE_OUTPUT.test(command.expect))
    .map(
      (command) =>
        `Task ${task.id}: ${JSON.stringify(command.expect)} does not say what \`${command.run}\` must show: give the exit code, a count or a line of the output.`,
    );
  const proven = own.length > 0 || commands.some((command) => command.kind === "test");
  if (WRITING.includes(phase) && !proven)
    problems.push(
      `Task ${task.id} has no command that proves it, and the repository has no test command: give one with its expected output.`,
    );
  return problems;
}

/** Words that leave the work to the reader. Each pattern needs the vague form; the specific one passes. */
const PLACEHOLDERS: readonly RegExp[] = [
  /\b(?:TBD|TBA|TODO|FIXME|XXX)\b/,
  /\bto be (?:determined|decided|defined|discussed|announced|filled in)\b/i,
  /\b(?:add|implement|include|improve|do) (?:the |some |any )?(?:appropriate |proper |suitable |necessary |basic |better |more )?(?:error[- ]handling|validation|logging|tests?|checks|documentation|edge cases?)\s*(?=[.,;!]|$|and\b)/im,
  /\bhandle (?:all |any )?(?:errors?|edge cases?|failures?)(?: (?:appropriately|properly|gracefully|correctly|well))?\s*(?=[.,;!]|$|and\b)/im,
  /\b(?:similar to|same as|like|see|as in) (?:task|step|the (?:task|step|one|previous|above))\b(?: \d+| [a-z-]+)?/i,
  /\b(?:as|where|if) (?:appropriate|needed|necessary|required|applicable)\b/i,
  /\betc\b|\band so on\b|\band similar\b/i,
  /\b(?:implement|fill in|add|decide|do this) later\b/i,
  /\byour (?:code|implementation|logic) here\b|\blorem ipsum\b/i,
  /\?\?\?|<(?:placeholder|name|path|file|value|insert[^>]*)>/i,
  /\b(?:write|add) (?:some |the )?tests? for the above\b/i,
];

/** The placeholder that a text holds, as it stands there; undefined when it has none. */
export function placeholderIn(text: string): string | undefined {
  for (const pattern of PLACEHOLDERS) {
    const found = pattern.exec(text)?.[0].trim();
    if (found !== undefined) return found;
  }
  return undefined;
}

function placeholderProblems(plan: Plan): string[] {
  const texts: [where: string, text: string][] = [
    ["The summary", plan.summary],
    ...plan.requirements.map(({ id, text }): [string, string] => [`Requirement ${id}`, text]),
    ...allTasks(plan).flatMap((task) =>
      taskTexts(task).map((text): [string, string] => [`Task ${task.id}`, text]),
    ),
  ];
  return texts.flatMap(([where, text]) => {
    const found = placeholderIn(text);
    return found === undefined
      ? []
      : [
          `${where} leaves work open with ${JSON.stringify(found)}: say exactly what is to be done.`,
        ];
  });
}

/** Ways of asking the reader to decide: a plan decides, and what only people can decide is asked before it. */
const QUESTIONS: readonly RegExp[] = [
  /\bwhich (?:approach|option|design|variant|way|execution)\b[^.?!\n]{0,120}\?/i,
  /\b(?:would you (?:like|prefer)|do you (?:want|prefer)|shall (?:i|we)|should (?:i|we))\b[^.!\n]{0,200}\?/i,
  /\b(?:let me know (?:if|which|whether|what)|tell me (?:if|which|whether)|please (?:choose|confirm|decide|pick)|your choice:)/i,
];

/** The question that a text asks its reader; undefined when it asks none. */
function questionIn(text: string): string | undefined {
  for (const pattern of QUESTIONS) {
    const found = pattern.exec(text)?.[0].trim();
    if (found !== undefined) return found;
  }
  return undefined;
}

function questionProblems(plan: Plan): string[] {
  const texts: [where: string, text: string][] = [
    ["The summary", plan.summary],
    ["The architecture", plan.architecture ?? ""],
    ...allTasks(plan).flatMap((task) =>
      taskTexts(task).map((text): [string, string] => [`Task ${task.id}`, text]),
    ),
  ];
  return texts.flatMap(([where, text]) => {
    const found = questionIn(text);
    return found === undefined
      ? []
      : [
          `${where} asks ${JSON.stringify(found)}: a plan asks nobody. Decide it, or ask people by a question before you hand the plan in.`,
        ];
  });
}

function taskTexts(task: PlannedTask): string[] {
  return [
    task.title,
    task.objective,
    task.expected_output,
    ...task.inputs,
    ...(task.commands ?? []).map((command) => command.run),
  ];
}

/** The requirements that a task works on: those it lists, and those its texts name by id. */
export function requirementsOf(task: PlannedTask): string[] {
  const named = taskTexts(task).flatMap((text) => text.match(/\bR\d{1,3}\b/g) ?? []);
  return [...new Set([...(task.requirements ?? []), ...named])];
}

function coverageProblems(plan: Plan, elsewhere: readonly string[]): string[] {
  const known = new Set(plan.requirements.map((requirement) => requirement.id));
  const writes = plan.phases.some((p) => p.phase === "implementation" && p.tasks.length > 0);
  const covered = new Set<string>(elsewhere);
  const problems: string[] = [];
  for (const phase of plan.phases)
    for (const task of phase.tasks) {
      for (const id of requirementsOf(task)) {
        if (!known.has(id))
          problems.push(`Task ${task.id} works on ${id}, which is not a requirement of the plan.`);
        // A review finds what is missing; it does not bring it about.
        else if (!writes || WRITING.includes(phase.phase)) covered.add(id);
      }
    }
  for (const { id, text } of plan.requirements)
    if (!covered.has(id))
      problems.push(
        `Requirement ${id} (${text.slice(0, 200)}) is worked on by no task: add ${id} to a task's requirements.`,
      );
  return problems;
}
