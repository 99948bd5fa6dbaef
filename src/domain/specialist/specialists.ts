import type { z } from "zod";
import type { Phase } from "../phase.ts";
import { PlanSubmission, type TaskMode } from "../plan/plan.ts";
import type { AgentDefinition, DefinitionSet, RoleContext } from "../skill/definition.ts";
import { FeedbackResult } from "./feedback.ts";
import {
  ArchitectureResult,
  ImplementationResult,
  ReviewResult,
  SecurityReviewResult,
  submissionOf,
  TestingResult,
} from "./results.ts";
import { type AppTool, grantTools, type ToolGrant } from "./role-tools.ts";

export const ORCHESTRATOR_ROLE = "backend-orchestrator";

/** Orchestrators of other domains: work is handed to them by a record on GitHub, they are never dispatched. */
export const HAND_OFF_TARGETS = ["frontend-orchestrator"] as const;

/** The host's facts about one role. No definition, issue or model can widen them. */
export interface RoleFacts {
  readonly name: string;
  readonly purpose: string;
  readonly modes: readonly TaskMode[];
  readonly phases: readonly Phase[];
  readonly access: "edit" | "read";
  readonly ceiling: readonly AppTool[];
  /** Built-in definitions win over a repository's for the limits of these roles. */
  readonly privileged: boolean;
  readonly gateways: readonly string[];
  readonly gatewaysByMode?: Readonly<Partial<Record<TaskMode, readonly string[]>>>;
}

const LOOK: readonly AppTool[] = ["ask_human", "glob", "grep", "load_skill", "read", "todo"];
const WRITE: readonly AppTool[] = [...LOOK, "bash", "edit", "write"];
const CHECK: readonly AppTool[] = [...LOOK, "bash"];

const ROLES: readonly RoleFacts[] = [
  {
    name: ORCHESTRATOR_ROLE,
    purpose: "splits a request into tasks for specialists",
    modes: [],
    phases: [],
    access: "read",
    ceiling: [...LOOK, "dispatch"],
    privileged: true,
    gateways: ["gateway-backend"],
  },
  {
    name: "backend-lead",
    purpose: "architecture decisions and code review",
    modes: ["architecture", "review"],
    phases: ["architecture", "quality"],
    access: "read",
    ceiling: CHECK,
    privileged: true,
    gateways: ["gateway-backend"],
    gatewaysByMode: { review: ["gateway-security", "gateway-testing"] },
  },
  {
    name: "backend-developer",
    purpose: "production code",
    modes: ["implementation"],
    phases: ["implementation"],
    access: "edit",
    ceiling: WRITE,
    privileged: false,
    gateways: ["gateway-backend"],
  },
  {
    name: "integration-developer",
    purpose: "code that talks to services outside the system",
    modes: ["implementation"],
    phases: ["implementation"],
    access: "edit",
    ceiling: WRITE,
    privileged: false,
    gateways: ["gateway-integrations", "gateway-backend"],
  },
  {
    name: "backend-tester",
    purpose: "unit, integration and acceptance tests, one mode per task",
    modes: ["unit", "integration", "acceptance"],
    phases: ["testing"],
    access: "edit",
    ceiling: WRITE,
    privileged: false,
    gateways: ["gateway-testing", "gateway-backend"],
  },
  {
    name: "acceptance-test-engineer",
    purpose: "validation of the whole system with real services",
    modes: ["acceptance"],
    phases: ["testing"],
    access: "edit",
    ceiling: WRITE,
    privileged: false,
    gateways: ["gateway-testing", "gateway-backend", "gateway-integrations", "gateway-security"],
  },
  {
    name: "backend-security-reviewer",
    purpose: "security review",
    modes: ["security"],
    phases: ["quality"],
    access: "read",
    ceiling: CHECK,
    privileged: true,
    gateways: ["gateway-security", "gateway-backend"],
  },
];

const BY_NAME: ReadonlyMap<string, RoleFacts> = new Map(ROLES.map((role) => [role.name, role]));

/** The roles that can be dispatched, in roster order. */
export const SPECIALISTS: readonly RoleFacts[] = ROLES.filter(
  (role) => role.name !== ORCHESTRATOR_ROLE,
);

/** The host's facts about a role; undefined for a name that is not in the roster. */
export function roleFacts(name: string): RoleFacts | undefined {
  return BY_NAME.get(name);
}

/** True for roles whose limits and definition a repository may not replace (it may replace the orchestrator's body). */
export function isPrivileged(role: string): boolean {
  return BY_NAME.get(role)?.privileged ?? false;
}

/** The gateways a role must load in its Step 1, in order; empty for an unknown role. */
export function gatewaysOf(context: RoleContext): readonly string[] {
  const role = BY_NAME.get(context.role);
  if (!role) return [];
  const more = context.mode ? (role.gatewaysByMode?.[context.mode] ?? []) : [];
  return [...role.gateways, ...more];
}

/** What the plan check asks about the roster, limited to the roles that `set` has definitions for (or substitutes). */
export function rosterOf(set: DefinitionSet): {
  readonly names: readonly string[];
  mayServe(specialist: string, work: { phase: Phase; mode: TaskMode | undefined }): boolean;
} {
  const names = SPECIALISTS.map((role) => role.name).filter(
    (name) => assign(set, { role: name }).kind !== "missing",
  );
  function mayServe(
    specialist: string,
    work: { phase: Phase; mode: TaskMode | undefined },
  ): boolean {
    const role = BY_NAME.get(specialist);
    const mode = work.mode ?? soleMode(role);
    if (!role || !mode) return false;
    return role.phases.includes(work.phase) && role.modes.includes(mode) && fits(work.phase, mode);
  }
  return { names, mayServe };
}

function soleMode(role: RoleFacts | undefined): TaskMode | undefined {
  return role?.modes.length === 1 ? role.modes[0] : undefined;
}

const PHASE_OF_MODE: Readonly<Record<TaskMode, Phase>> = {
  architecture: "architecture",
  implementation: "implementation",
  unit: "testing",
  integration: "testing",
  acceptance: "testing",
  review: "quality",
  security: "quality",
};

/** Who may do which work in a phase, whether a definition for it exists or not. */
export function worksIn(phase: Phase): { readonly specialist: string; readonly mode: TaskMode }[] {
  return SPECIALISTS.filter((role) => role.phases.includes(phase)).flatMap((role) =>
    role.modes.filter((mode) => fits(phase, mode)).map((mode) => ({ specialist: role.name, mode })),
  );
}

function fits(phase: Phase, mode: TaskMode): boolean {
  return PHASE_OF_MODE[mode] === phase;
}

/** Who does a piece of work. */
export type Assignment =
  | {
      readonly kind: "assigned";
      readonly context: RoleContext;
      readonly definition: AgentDefinition;
    }
  | {
      readonly kind: "substituted";
      readonly context: RoleContext;
      readonly definition: AgentDefinition;
      readonly reason: string;
    }
  | { readonly kind: "missing"; readonly reason: string };

/**
 * Finds the definition that serves a role. A role without a definition is never dispatched: the acceptance engineer's
 * work goes to the tester in acceptance mode, everything else is reported as missing.
 */
export function assign(set: DefinitionSet, wanted: RoleContext): Assignment {
  const facts = BY_NAME.get(wanted.role);
  if (!facts)
    return { kind: "missing", reason: `${wanted.role} is not in the roster of specialists.` };
  const definition = agentNamed(set, wanted.role);
  const mode = wanted.mode ?? soleMode(facts);
  const context = mode ? { role: wanted.role, mode } : { role: wanted.role };
  if (definition) return { kind: "assigned", context, definition };
  const stand = wanted.role === "acceptance-test-engineer" && agentNamed(set, "backend-tester");
  if (!stand)
    return {
      kind: "missing",
      reason: `No definition of ${wanted.role} is loaded; it cannot be dispatched.`,
    };
  return {
    kind: "substituted",
    context: { role: "backend-tester", mode: "acceptance" },
    definition: stand,
    reason:
      "acceptance-test-engineer has no definition: backend-tester does it in acceptance mode.",
  };
}

/** The definition of that name, if the set has one. */
export function agentNamed(set: DefinitionSet, name: string): AgentDefinition | undefined {
  return set.agents.find((agent) => agent.name === name);
}

/** What a role's definition gets under the role's limits. Unknown roles get nothing. */
export function toolsFor(definition: AgentDefinition): ToolGrant {
  return grantTools(definition.tools, BY_NAME.get(definition.name)?.ceiling ?? []);
}

const RESULT_OF_MODE: Readonly<Record<TaskMode, z.ZodType>> = {
  architecture: submissionOf(ArchitectureResult),
  implementation: submissionOf(ImplementationResult),
  unit: submissionOf(TestingResult),
  integration: submissionOf(TestingResult),
  acceptance: submissionOf(TestingResult),
  review: submissionOf(ReviewResult),
  security: submissionOf(SecurityReviewResult),
};

/** Results that belong to a kind of task, not to a mode. */
export type ResultShape = "feedback";

/**
 * The shape a role must submit in a mode, a plan for the orchestrator; `shape` stands above the mode's. Throws when the
 * role has no such mode, because a dispatch without a result shape cannot be judged.
 */
export function resultSchemaOf(context: RoleContext, shape?: ResultShape): z.ZodType {
  if (shape === "feedback") return FeedbackResult;
  if (context.role === ORCHESTRATOR_ROLE) return PlanSubmission;
  const role = BY_NAME.get(context.role);
  const mode = context.mode ?? soleMode(role);
  if (!role || !mode || !role.modes.includes(mode))
    throw new Error(`${context.role} has no mode ${context.mode ?? "(none)"}.`);
  return RESULT_OF_MODE[mode];
}

/** True when the role may leave a diff. */
export function mayEdit(role: string): boolean {
  return BY_NAME.get(role)?.access === "edit";
}
