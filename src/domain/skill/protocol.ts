import { type Situation, stepTwoSkills } from "../plan/step-two.ts";
import type { LoadFact } from "../run/ledger-event.ts";
import { agentNamed, gatewaysOf, ORCHESTRATOR_ROLE } from "../specialist/specialists.ts";
import type {
  AgentDefinition,
  DefinitionSet,
  DefinitionSource,
  GatewayRoute,
  RoleContext,
  SkillDefinition,
} from "./definition.ts";
import {
  isMandatory,
  type PreparedSubject,
  prepareSubject,
  routeReason,
  type Subject,
  skillOfRoute,
} from "./routing.ts";

const CALIBRATION = "calibrating-time-estimates";
export const VERIFICATION = "verifying-before-completion";

/** Step 1 of every orchestration, in its only order. */
export const ORCHESTRATOR_STEP_ONE = [
  CALIBRATION,
  "orchestrating-multi-agent-workflows",
  "gateway-backend",
] as const;

/** The skills that make up the protocol itself: a repository cannot replace their text. */
export const PROTOCOL_SKILLS: readonly string[] = [
  ...ORCHESTRATOR_STEP_ONE,
  "writing-plans",
  "executing-plans",
  "persisting-progress-across-sessions",
  "dispatching-parallel-agents",
  "using-todowrite",
  VERIFICATION,
];

/** Who is loaded for, what the work is about, and what this conversation already holds. */
export interface ProtocolContext extends RoleContext, Subject {
  readonly alreadyLoaded: readonly LoadFact[];
  /** The run's state, for the orchestrator's Step 2. */
  readonly situation?: Situation;
  /** What the whole run is about, where that is less than what this work is about; default: the same. */
  readonly run?: Subject;
  /** Skills that the repository's profile adds for this role: core names or paths of a gateway's table. */
  readonly extraSkills?: readonly string[];
}

/**
 * For whom a load is the same: every dispatch of the role and mode, every one within a run, or one task. The wider its
 * reach, the earlier a text stands in a prompt, so that providers' caches hold.
 */
export type Reach = "role" | "run" | "task";

/** One text to put before a model, with the fact to append to the ledger. */
export interface ProtocolLoad {
  readonly step: "definition" | 1 | 2 | 3;
  readonly fact: LoadFact;
  readonly body: string;
  readonly reach: Reach;
}

/** Everything to load, in order, and what a person should know about it. */
export interface ProtocolPlan {
  readonly loads: readonly ProtocolLoad[];
  readonly warnings: readonly string[];
}

/**
 * The protocol for one conversation: definition, Step 1 in order, Step 2 by its triggers, then the library skills of
 * the loaded gateways, mandatory ones before matched ones. What `alreadyLoaded` names is not loaded again. Pure: only
 * the definitions and the context decide, nothing that a model says.
 */
export function protocolLoads(set: DefinitionSet, context: ProtocolContext): ProtocolPlan {
  const warnings: string[] = [];
  const loads: ProtocolLoad[] = [];
  const held = new Set(context.alreadyLoaded.map(identity));
  function add(load: ProtocolLoad): void {
    if (held.has(identity(load.fact))) return;
    held.add(identity(load.fact));
    loads.push(load);
  }
  const definition = agentNamed(set, context.role);
  if (definition) add(definitionLoad(definition));
  else warnings.push(`There is no definition of ${context.role}.`);
  for (const wanted of coreSkillsFor(set, context)) {
    const found = coreSkills(set, wanted.name);
    if (found.length === 0) warnings.push(missingNote(wanted.name));
    for (const skill of found) add(coreLoad(skill, wanted));
  }
  for (const load of libraryLoads(set, context)) add(load);
  return { loads, warnings };
}

/** The sentence that goes into the ledger when a skill of the protocol is not among the definitions. */
export function missingNote(name: string): string {
  return name.startsWith("gateway-")
    ? `The gateway ${name} is missing among the definitions: the run goes on with the mandatory skills that are there.`
    : `The core skill ${name} is missing among the definitions.`;
}

interface WantedCore {
  readonly name: string;
  readonly step: 1 | 2 | 3;
  readonly reason: string;
  readonly mandatory: boolean;
  readonly reach: Reach;
}

function coreSkillsFor(set: DefinitionSet, context: ProtocolContext): WantedCore[] {
  const first = stepOneNames(set, context).map((name) => ({
    name,
    step: 1 as const,
    reason: "Step 1: always first",
    mandatory: true,
    reach: "role" as const,
  }));
  const second = stepTwoFor(context).map(({ name, reason }) => ({
    name,
    step: 2 as const,
    reason,
    mandatory: true,
    reach: context.role === ORCHESTRATOR_ROLE ? ("run" as const) : ("role" as const),
  }));
  const extra = (context.extraSkills ?? [])
    .filter((name) => !name.includes("/"))
    .map((name) => ({
      name,
      step: 3 as const,
      reason: "the repository's profile asks for it",
      mandatory: false,
      reach: "role" as const,
    }));
  return [...first, ...second, ...extra];
}

/** The core skills of Step 1 for a role in their order, gateways of a repository's own definition last. */
export function stepOneNames(set: DefinitionSet, context: RoleContext): string[] {
  if (context.role === ORCHESTRATOR_ROLE)
    return [...ORCHESTRATOR_STEP_ONE, ...ownGateways(set, context.role, ORCHESTRATOR_STEP_ONE)];
  const fixed = [CALIBRATION, ...gatewaysOf(context)];
  return [...fixed, ...ownGateways(set, context.role, fixed)];
}

function ownGateways(set: DefinitionSet, role: string, fixed: readonly string[]): string[] {
  const definition = agentNamed(set, role);
  if (!definition || definition.source.kind === "package") return [];
  const named = [...definition.gateways, ...definition.skills].filter((n) =>
    n.startsWith("gateway-"),
  );
  return [...new Set(named)].filter((n) => !fixed.includes(n) && coreSkills(set, n).length > 0);
}

function stepTwoFor(context: ProtocolContext): { name: string; reason: string }[] {
  if (context.role === ORCHESTRATOR_ROLE)
    return context.situation ? stepTwoSkills(context.situation) : [];
  const plans =
    context.mode === "architecture"
      ? [{ name: "writing-plans", reason: "the design is a plan for other agents" }]
      : [];
  return [...plans, { name: VERIFICATION, reason: "always before a result is submitted" }];
}

/** All core skills of that name: the package's first, then a repository's addition to a gateway. */
export function coreSkills(set: DefinitionSet, name: string): SkillDefinition[] {
  return set.skills.filter((skill) => skill.kind === "core" && skill.name === name);
}

function libraryLoads(set: DefinitionSet, context: ProtocolContext): ProtocolLoad[] {
  const gateways = stepOneNames(set, context);
  const routes = gateways.flatMap((gateway) => set.routes.filter((r) => r.gateway === gateway));
  const mandatory = routes
    .filter((route) => isMandatory(route, context))
    .flatMap((route) => {
      const reason = `mandatory for ${context.role}`;
      return routeLoad(set, route, { reason, mandatory: true, reach: "role" });
    });
  const run = prepareSubject(context.run ?? context);
  const task = prepareSubject(context);
  const ofRun = routes.flatMap((route) => {
    const reason = matchReason(route, run, context);
    return reason ? routeLoad(set, route, { reason, mandatory: false, reach: "run" }) : [];
  });
  const ofTask = routes.flatMap((route) => {
    const reason = matchReason(route, task, context);
    return reason ? routeLoad(set, route, { reason, mandatory: false, reach: "task" }) : [];
  });
  // What the run brought in already is dropped from the task's by the caller, as it drops every repetition.
  return [...mandatory, ...ofRun, ...ofTask];
}

function matchReason(
  route: GatewayRoute,
  subject: PreparedSubject,
  context: ProtocolContext,
): string | undefined {
  if (context.extraSkills?.includes(route.path)) return "the repository's profile asks for it";
  return routeReason(route, subject);
}

function routeLoad(
  set: DefinitionSet,
  route: GatewayRoute,
  why: { reason: string; mandatory: boolean; reach: Reach },
): ProtocolLoad[] {
  const skill = skillOfRoute(set, route);
  if (!skill) return [];
  const reason = `${why.reason}, by ${route.gateway}`;
  return [libraryLoad(skill, { ...why, path: route.path, reason })];
}

/** The load of a library skill under the path that its gateway gives. */
export function libraryLoad(
  skill: SkillDefinition,
  why: { path: string; reason: string; mandatory: boolean; reach: Reach },
): ProtocolLoad {
  const { reach, ...rest } = why;
  return {
    step: 3,
    body: skill.body,
    reach,
    fact: fact(skill, { kind: "library-skill", ...rest }),
  };
}

function coreLoad(skill: SkillDefinition, wanted: WantedCore): ProtocolLoad {
  const { step, reach, reason, mandatory } = wanted;
  return {
    step,
    reach,
    body: skill.body,
    fact: fact(skill, { kind: "core-skill", path: skill.path, reason, mandatory }),
  };
}

function definitionLoad(definition: AgentDefinition): ProtocolLoad {
  const reason = "the role's definition";
  return {
    step: "definition",
    reach: "role",
    body: definition.body,
    fact: fact(definition, { kind: "definition", path: definition.path, reason, mandatory: true }),
  };
}

function fact(
  from: { name: string; source: DefinitionSource; sha256: string },
  rest: Pick<LoadFact, "kind" | "path" | "reason" | "mandatory">,
): LoadFact {
  return { name: from.name, source: sourceName(from.source), sha256: from.sha256, ...rest };
}

/** `package`, or `owner/name@sha`. */
export function sourceName(source: DefinitionSource): string {
  return source.kind === "package" ? "package" : `${source.repository}@${source.sha}`;
}

function identity(load: LoadFact): string {
  return `${load.kind} ${load.name} ${load.sha256}`;
}
