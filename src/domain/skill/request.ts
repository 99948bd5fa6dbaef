import type { LoadFact } from "../run/ledger-event.ts";
import { agentNamed } from "../specialist/specialists.ts";
import type { DefinitionSet, GatewayRoute, RoleContext, SkillDefinition } from "./definition.ts";
import { coreSkills, libraryLoad, type ProtocolLoad, sourceName } from "./protocol.ts";
import { skillOfRoute } from "./routing.ts";

/** A model's request for one more skill, answered by the host. */
export type SkillAnswer =
  | { readonly kind: "load"; readonly loads: readonly ProtocolLoad[]; readonly text: string }
  | { readonly kind: "already"; readonly text: string }
  | { readonly kind: "refused"; readonly message: string };

/** Who asks, and what their conversation already holds. */
export interface SkillRequester extends RoleContext {
  readonly loaded: readonly LoadFact[];
}

/** The core skills a role may ask for: those its definition names. */
export function catalogueOf(set: DefinitionSet, context: RoleContext): SkillDefinition[] {
  const named = agentNamed(set, context.role)?.skills ?? [];
  return [...new Set(named)].flatMap((name) => coreSkills(set, name).slice(0, 1));
}

/**
 * Answers `load_skill`: a core skill of the role's catalogue, by its exact name. A library skill's name is refused
 * with the gateway that routes to it; a skill that is already in the conversation is not given twice.
 */
export function answerLoadSkill(
  set: DefinitionSet,
  name: string,
  requester: SkillRequester,
): SkillAnswer {
  const wanted = name.trim();
  const catalogue = catalogueOf(set, requester);
  if (!catalogue.some((skill) => skill.name === wanted))
    return { kind: "refused", message: refuseName(set, wanted, catalogue) };
  const skills = coreSkills(set, wanted);
  const fresh = skills.filter((skill) => !holds(requester, skill));
  if (fresh.length === 0) return already(wanted);
  const loads = fresh.map(
    (skill): ProtocolLoad => ({
      step: 2,
      reach: "task",
      body: skill.body,
      fact: {
        name: skill.name,
        kind: "core-skill",
        path: skill.path,
        source: sourceName(skill.source),
        sha256: skill.sha256,
        reason: "asked for by the agent",
        mandatory: false,
      },
    }),
  );
  return { kind: "load", loads, text: fresh.map((skill) => skill.body).join("\n\n") };
}

function refuseName(
  set: DefinitionSet,
  name: string,
  catalogue: readonly SkillDefinition[],
): string {
  const library = set.skills.find((skill) => skill.kind === "library" && skill.name === name);
  const route = set.routes.find(
    (r) => r.skill === name || (library !== undefined && skillOfRoute(set, r) === library),
  );
  if (library || route) {
    const gateway = route?.gateway ?? "the gateways of your role";
    return `${name} is a library skill and cannot be loaded by name. Take its path from the table of ${gateway} and use read_library_skill.`;
  }
  const names = catalogue.map((skill) => skill.name).join(", ");
  return `There is no core skill ${JSON.stringify(name)} for your role. You may load: ${names || "none"}.`;
}

/**
 * Answers `read_library_skill`: only a path that stands, letter by letter, in the table of a gateway that this
 * conversation has loaded. Everything else (a guess, `..`, an absolute path, a core skill's file) is refused.
 */
export function answerReadLibrary(
  set: DefinitionSet,
  path: string,
  requester: SkillRequester,
): SkillAnswer {
  const gateways = invokedGateways(requester.loaded);
  const route = set.routes.find((r) => r.path === path && gateways.includes(r.gateway));
  if (!route) return { kind: "refused", message: refusePath(set, path, gateways) };
  const skill = skillOfRoute(set, route);
  if (!skill)
    return {
      kind: "refused",
      message: `${route.gateway} names ${path}, but the file is not there. Go on without it.`,
    };
  if (holds(requester, skill)) return already(path);
  const reason = `asked for by the agent, by ${route.gateway}`;
  const load = libraryLoad(skill, { path, reason, mandatory: false, reach: "task" });
  return { kind: "load", loads: [load], text: skill.body };
}

/** The gateways among the loads of a conversation. */
export function invokedGateways(loaded: readonly LoadFact[]): string[] {
  const names = loaded.filter((l) => l.kind === "core-skill").map((l) => l.name);
  return names.filter((name) => name.startsWith("gateway-"));
}

function refusePath(set: DefinitionSet, path: string, gateways: readonly string[]): string {
  const shown = JSON.stringify(path.slice(0, 200));
  const core = set.skills.find(
    (skill) => skill.kind === "core" && (skill.path === path || `skills/${path}` === skill.path),
  );
  if (core) return `${shown} is a core skill: use load_skill with the name ${core.name}.`;
  const other = set.routes.find((route) => route.path === path);
  if (other)
    return `${shown} is routed by ${other.gateway}, which is not loaded in this conversation. Load that gateway first if your role has it.`;
  const where = gateways.length > 0 ? gateways.join(", ") : "a gateway, once one is loaded";
  return `${shown} is not a path of a loaded gateway's table. Copy a path exactly as ${where} gives it; do not guess or shorten it.`;
}

/** Every library path this role may read: the tables of the gateways that were loaded. */
export function readablePaths(set: DefinitionSet, loaded: readonly LoadFact[]): string[] {
  const gateways = invokedGateways(loaded);
  return [...new Set(routesOf(set, gateways).map((route) => route.path))];
}

function routesOf(set: DefinitionSet, gateways: readonly string[]): GatewayRoute[] {
  return set.routes.filter((r) => gateways.includes(r.gateway) && skillOfRoute(set, r));
}

function holds(requester: SkillRequester, skill: SkillDefinition): boolean {
  return requester.loaded.some(
    (load) =>
      load.name === skill.name && load.sha256 === skill.sha256 && load.kind !== "definition",
  );
}

function already(what: string): SkillAnswer {
  return {
    kind: "already",
    text: `${what} is already part of this conversation; it is not repeated.`,
  };
}
