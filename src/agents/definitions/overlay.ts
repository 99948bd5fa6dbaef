import type {
  AgentDefinition,
  DefinitionSet,
  Diagnostic,
  GatewayRoute,
  SkillDefinition,
} from "../../domain/skill/definition.ts";
import { PROTOCOL_SKILLS } from "../../domain/skill/protocol.ts";
import { grantTools } from "../../domain/specialist/role-tools.ts";
import {
  HAND_OFF_TARGETS,
  isPrivileged,
  ORCHESTRATOR_ROLE,
  roleFacts,
} from "../../domain/specialist/specialists.ts";
import type { FileReport } from "./definition-file.ts";
import { deepFreeze } from "./frozen.ts";
import { readRoutes } from "./gateway.ts";

/** The files of one place, read. */
export interface DefinitionFiles {
  readonly agents: readonly FileReport<AgentDefinition>[];
  readonly skills: readonly FileReport<SkillDefinition>[];
  readonly diagnostics?: readonly Diagnostic[];
}

type Note = (file: string, rule: string, message: string) => void;

/**
 * Lays a repository's definitions over the package's by fixed rules: within one place the first path wins; a
 * repository replaces the definitions of unprivileged roles and the body of the orchestrator, adds skills, and adds
 * rows to gateways; it never replaces other privileged roles or the protocol's own skills. Every collision is told.
 */
export function overlay(builtIn: DefinitionFiles, repository?: DefinitionFiles): DefinitionSet {
  const diagnostics: Diagnostic[] = [...ownDiagnostics(builtIn)];
  if (repository) diagnostics.push(...ownDiagnostics(repository));
  function note(file: string, rule: string, message: string): void {
    diagnostics.push({ severity: "warning", file, rule, message });
  }
  const ours = loaded(builtIn.agents);
  const theirs = firstOfEachName(loaded(repository?.agents ?? []), note);
  const ourSkills = loadedSkills(builtIn.skills);
  const theirSkills = acceptSkills(ourSkills, loadedSkills(repository?.skills ?? []), note);
  const skills = [...ourSkills, ...theirSkills];
  return deepFreeze({
    agents: layAgents(firstOfEachName(ours, note), theirs, note),
    skills: skills.map(({ skill }) => skill),
    routes: mergeRoutes(skills),
    diagnostics,
  });
}

function ownDiagnostics(files: DefinitionFiles): Diagnostic[] {
  return [...files.agents, ...files.skills]
    .flatMap((report) => report.diagnostics)
    .concat(files.diagnostics ?? []);
}

function loaded<T>(reports: readonly FileReport<T>[]): T[] {
  return reports.flatMap(({ outcome }) => (outcome.kind === "loaded" ? [outcome.value] : []));
}

function firstOfEachName(agents: readonly AgentDefinition[], note: Note): AgentDefinition[] {
  const first = new Map<string, AgentDefinition>();
  for (const agent of agents) {
    const earlier = first.get(agent.name);
    if (earlier)
      note(
        agent.path,
        "duplicate-name",
        `the agent ${agent.name} stands in ${earlier.path} already; that one is used`,
      );
    else first.set(agent.name, agent);
  }
  return [...first.values()];
}

function layAgents(
  ours: readonly AgentDefinition[],
  theirs: readonly AgentDefinition[],
  note: Note,
): AgentDefinition[] {
  const result = new Map(ours.map((agent) => [agent.name, agent]));
  for (const agent of theirs) {
    const builtIn = result.get(agent.name);
    if (agent.name === ORCHESTRATOR_ROLE) {
      note(
        agent.path,
        "collision",
        `replaces the built-in text of ${agent.name}; tools and limits stay the host's`,
      );
      result.set(agent.name, withinCeiling(agent));
    } else if (isPrivileged(agent.name) || HAND_OFF_TARGETS.some((name) => name === agent.name))
      note(agent.path, "collision", `${agent.name} is privileged: the built-in definition is used`);
    else {
      if (!roleFacts(agent.name))
        note(
          agent.path,
          "not-in-roster",
          `${agent.name} is no role of the roster: it is loaded, but never dispatched`,
        );
      else if (builtIn)
        note(agent.path, "collision", `replaces the built-in definition of ${agent.name}`);
      result.set(agent.name, roleFacts(agent.name) ? withinCeiling(agent) : agent);
    }
  }
  return [...result.values()];
}

/** Keeps of a definition's tools those that the role may have, under the names the definition uses. */
function withinCeiling(agent: AgentDefinition): AgentDefinition {
  const ceiling = roleFacts(agent.name)?.ceiling ?? [];
  const { refused } = grantTools(agent.tools, ceiling);
  if (refused.length === 0) return agent;
  const gone = new Set(refused.map(({ name }) => name));
  const tools = agent.tools.filter((name) => !gone.has(name));
  // An empty list would mean "everything the role may have".
  return { ...agent, tools: tools.length > 0 ? tools : ["Read"] };
}

interface LoadedSkill {
  readonly skill: SkillDefinition;
  readonly bodyLine: number;
}

function loadedSkills(reports: readonly FileReport<SkillDefinition>[]): LoadedSkill[] {
  return reports.flatMap(({ outcome }) =>
    outcome.kind === "loaded" ? [{ skill: outcome.value, bodyLine: outcome.bodyLine }] : [],
  );
}

function acceptSkills(
  ours: readonly LoadedSkill[],
  theirs: readonly LoadedSkill[],
  note: Note,
): LoadedSkill[] {
  const builtIn = new Set(ours.filter((s) => s.skill.kind === "core").map((s) => s.skill.name));
  const taken = new Map<string, string>();
  return theirs.filter(({ skill }) => {
    if (skill.kind === "library") return true;
    const { name, path } = skill;
    const isGateway = name.startsWith("gateway-");
    if (!isGateway && (PROTOCOL_SKILLS.includes(name) || builtIn.has(name))) {
      note(path, "collision", `${name} is a skill of the protocol: the built-in text is used`);
      return false;
    }
    const earlier = taken.get(name);
    if (earlier) {
      note(
        path,
        "duplicate-name",
        `the skill ${name} stands in ${earlier} already; that one is used`,
      );
      return false;
    }
    taken.set(name, path);
    if (isGateway && builtIn.has(name))
      note(
        path,
        "collision",
        `adds to the built-in ${name}: its rows come after the built-in ones`,
      );
    return true;
  });
}

function mergeRoutes(skills: readonly LoadedSkill[]): GatewayRoute[] {
  const seen = new Set<string>();
  return skills
    .filter(({ skill }) => skill.kind === "core" && skill.name.startsWith("gateway-"))
    .flatMap(({ skill, bodyLine }) => readRoutes(skill.name, skill.body, bodyLine))
    .filter((route) => {
      const key = `${route.gateway} ${route.path}`;
      return !seen.has(key) && seen.add(key);
    });
}
