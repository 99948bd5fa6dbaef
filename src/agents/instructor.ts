import { createHmac, randomBytes } from "node:crypto";
import { type Situation, suppliesPlan } from "../domain/plan/step-two.ts";
import { profileLines, REPO_CONFIG_PATH, type RepoConfig } from "../domain/repo-config.ts";
import type { LoadFact } from "../domain/run/ledger-event.ts";
import type { AgentDefinition, DefinitionSet, RoleContext } from "../domain/skill/definition.ts";
import { type ProtocolPlan, protocolLoads, stepOneNames } from "../domain/skill/protocol.ts";
import { missingSkills } from "../domain/skill/protocol-proof.ts";
import {
  answerLoadSkill,
  answerReadLibrary,
  readablePaths,
  type SkillAnswer,
} from "../domain/skill/request.ts";
import { isMandatory, type Subject } from "../domain/skill/routing.ts";
import { jailTools } from "../domain/specialist/role-tools.ts";
import {
  assign,
  mayEdit,
  ORCHESTRATOR_ROLE,
  resultSchemaOf,
  toolsFor,
} from "../domain/specialist/specialists.ts";
import type { Instructed, Instructor, InstructRequest } from "../ports/agents.ts";
import type { Definitions } from "../ports/stores.ts";
import { type BriefOf, briefPrompt } from "./brief.ts";
import { parseRepoConfig } from "./definitions/repo-config-file.ts";
import type { RepositoryReader } from "./definitions/repository-definitions.ts";
import { remainingCatalogue, systemPrompt } from "./instructions.ts";

const DEFAULT_MODEL = "sonnet";

/** What an instructor needs; `delimiter` gives the random word that fences a text, the same for the same text. */
export interface InstructorParts {
  readonly definitions: Definitions;
  readonly readFile: RepositoryReader["readFile"];
  readonly delimiter?: BriefOf["delimiter"];
}

/** Builds instructors: definitions and profile of the recorded commit, skills by the protocol, one brief. */
export function createInstructor(parts: InstructorParts): Instructor {
  const delimiter = parts.delimiter ?? randomDelimiter();
  async function instruct(request: InstructRequest): Promise<Instructed> {
    const { repo, definitionsSha } = request;
    const set = await parts.definitions.load(repo, definitionsSha);
    const text = await parts.readFile(repo, definitionsSha, REPO_CONFIG_PATH);
    const parsed = text === undefined ? undefined : parseRepoConfig(text);
    const config = parsed?.ok ? parsed.config : undefined;
    return instructOne(set, request, { config, delimiter });
  }
  return { instruct };
}

/**
 * Words from a key of this process and the text itself: a dispatch with the same text gets the same bytes, and whoever
 * wrote the text cannot have put its own word into it.
 */
function randomDelimiter(): BriefOf["delimiter"] {
  const key = randomBytes(32);
  return (text) => createHmac("sha256", key).update(text).digest("hex").slice(0, 24);
}

/**
 * Everything one dispatch is told, from values only. Throws when the role has no definition, no substitute or no such
 * mode: the plan check must have refused that before.
 */
export function instructOne(
  set: DefinitionSet,
  request: InstructRequest,
  given: { config: RepoConfig | undefined; delimiter: BriefOf["delimiter"] },
): Instructed {
  const found = assignOrThrow(set, request);
  const { context, definition } = found;
  const settings = given.config?.specialists[context.role];
  const plan = protocolLoads(set, {
    ...context,
    ...request.routing,
    run: subjectOfRun(request),
    alreadyLoaded: [],
    extraSkills: settings?.skills ?? [],
    ...(context.role === ORCHESTRATOR_ROLE ? { situation: planning(request.routing.text) } : {}),
  });
  const { loads } = plan;
  const ofRole = loads.filter((load) => load.reach === "role");
  const catalogue = remainingCatalogue(set, context, ofRole);
  const desk = new SkillDesk(set, context, plan);
  return {
    systemPrompt: systemPrompt({ definition, context, loads, catalogue }),
    prompt: briefPrompt({
      ...context,
      ...(request.phase ? { phase: request.phase } : {}),
      task: request.task.id,
      attempt: request.attempt,
      brief: request.brief,
      profile: given.config ? profileLines(given.config) : [],
      notes: [...found.notes, ...plan.warnings],
      loads: loads.filter((load) => load.reach === "task"),
      delimiter: given.delimiter,
    }),
    model: modelOf(definition, settings?.model),
    tools: jailTools(toolsFor(definition).tools),
    writes: mayEdit(context.role),
    resultSchema: resultSchemaOf(context, request.result),
    loads: plan.loads.map((load) => load.fact),
    required: requiredOf(set, context, plan),
    missing: missingOf(set, context, plan),
    catalogue: {
      skills: catalogue.core.map((skill) => skill.name),
      library: readablePaths(
        set,
        plan.loads.map((load) => load.fact),
      ),
    },
    load: (wanted) => desk.load(wanted),
  };
}

/** The issue as its author wrote it: the same for every task of the run. */
function subjectOfRun(request: InstructRequest): Subject {
  const text = request.brief.data.map((data) => data.text).join("\n\n");
  return { text, labels: request.routing.labels, paths: [] };
}

function assignOrThrow(
  set: DefinitionSet,
  request: InstructRequest,
): { context: RoleContext; definition: AgentDefinition; notes: string[] } {
  const { role, task } = request;
  const found = assign(set, task.mode ? { role, mode: task.mode } : { role });
  if (found.kind === "missing") throw new Error(found.reason);
  const { context, definition } = found;
  return { context, definition, notes: found.kind === "substituted" ? [found.reason] : [] };
}

function planning(text: string): Situation {
  return {
    planForAgents: true,
    planSupplied: suppliesPlan(text),
    phases: 0,
    mayPause: false,
    independentFailures: 0,
    finishing: false,
  };
}

function modelOf(definition: AgentDefinition, configured: string | undefined): string {
  const model = configured ?? definition.model;
  return model === "inherit" || model === "" ? DEFAULT_MODEL : model;
}

/** The orchestrator loads verification before it completes, not before it plans, so only specialists are held to it. */
function missingOf(set: DefinitionSet, context: RoleContext, plan: ProtocolPlan): string[] {
  if (context.role === ORCHESTRATOR_ROLE) return [];
  return missingSkills(
    set,
    context,
    plan.loads.map((load) => load.fact),
  );
}

function requiredOf(
  set: DefinitionSet,
  context: RoleContext,
  plan: ProtocolPlan,
): Instructed["required"] {
  const gateways = stepOneNames(set, context).filter((name) => name.startsWith("gateway-"));
  const loaded = new Set(plan.loads.map((load) => load.fact.name));
  const mandatory = set.routes.filter(
    (route) => gateways.includes(route.gateway) && isMandatory(route, context),
  );
  return {
    mandatory: [...new Set(mandatory.map((route) => route.path))],
    missingGateways: gateways.filter((name) => !loaded.has(name)),
  };
}

/** Answers one conversation's requests for more skills and remembers what it gave. */
class SkillDesk {
  readonly #set: DefinitionSet;
  readonly #context: RoleContext;
  readonly #loaded: LoadFact[];

  constructor(set: DefinitionSet, context: RoleContext, plan: ProtocolPlan) {
    this.#set = set;
    this.#context = context;
    this.#loaded = plan.loads.map((load) => load.fact);
  }

  load(wanted: Parameters<Instructed["load"]>[0]): ReturnType<Instructed["load"]> {
    const requester = { ...this.#context, loaded: this.#loaded };
    const answer =
      wanted.kind === "core-skill"
        ? answerLoadSkill(this.#set, wanted.name, requester)
        : answerReadLibrary(this.#set, wanted.name, requester);
    return this.#record(wanted.name, answer);
  }

  #record(name: string, answer: SkillAnswer): ReturnType<Instructed["load"]> {
    if (answer.kind === "refused") return { refused: answer.message };
    if (answer.kind === "already") {
      const load = this.#loaded.find((fact) => fact.name === name || fact.path === name);
      return load ? { text: answer.text, load } : { refused: answer.text };
    }
    const facts = answer.loads.map((load) => load.fact);
    this.#loaded.push(...facts);
    const [load] = facts;
    return load ? { text: answer.text, load } : { refused: "There is nothing to load." };
  }
}
