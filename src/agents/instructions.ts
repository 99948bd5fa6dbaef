import type { AgentDefinition, DefinitionSet, RoleContext } from "../domain/skill/definition.ts";
import type { ProtocolLoad } from "../domain/skill/protocol.ts";
import { catalogueOf, invokedGateways } from "../domain/skill/request.ts";
import { skillOfRoute } from "../domain/skill/routing.ts";
import { mayEdit, ORCHESTRATOR_ROLE } from "../domain/specialist/specialists.ts";
import { skillBlock } from "./brief.ts";
import { hostRules } from "./egress/host-rules.ts";

const MAX_LISTED = 150;
const DESCRIPTION_LIMIT = 300;

/** What a role may still load, by name or by path. */
export interface Catalogue {
  readonly core: readonly { readonly name: string; readonly description: string }[];
  readonly library: readonly { readonly path: string; readonly description: string }[];
}

/**
 * The system prompt of a role: host rules, definition, the skills that every dispatch of the role has, the catalogue
 * of the others by name and description, and last the skills that the run's issue brought in. Within a run the same
 * role and mode give the same bytes, so that a provider's prompt cache holds; nothing of a single task may enter it.
 */
export function systemPrompt(of: {
  definition: AgentDefinition;
  context: RoleContext;
  loads: readonly ProtocolLoad[];
  catalogue: Catalogue;
}): string {
  const { definition, context, loads, catalogue } = of;
  const skills = loads.filter((load) => load.reach === "role" && load.step !== "definition");
  const ofRun = loads.filter((load) => load.reach === "run");
  return [
    `You are ${context.role}. The brief names your task and, where you have several, your mode.`,
    "# Host rules",
    hostRules(kindOf(context.role)),
    "# Your definition",
    definition.body,
    "# Skills loaded for you",
    ...skills.map(skillBlock),
    "# Skills on demand",
    catalogueText(catalogue),
    ...(ofRun.length > 0 ? ["# Skills for this run", ...ofRun.map(skillBlock)] : []),
  ].join("\n\n");
}

function kindOf(role: string): "orchestrator" | "writer" | "reader" {
  if (role === ORCHESTRATOR_ROLE) return "orchestrator";
  return mayEdit(role) ? "writer" : "reader";
}

function catalogueText(catalogue: Catalogue): string {
  const core = catalogue.core.map(({ name, description }) => `- ${name}: ${brief(description)}`);
  const library = catalogue.library.map(
    ({ path, description }) => `- ${path}: ${brief(description)}`,
  );
  return [
    core.length > 0 ? "By `load_skill`:" : "There are no core skills beyond those above.",
    ...core,
    library.length > 0 ? "\nBy `read_library_skill`:" : "\nThere are no library skills.",
    ...library,
  ].join("\n");
}

function brief(description: string): string {
  const line = description.replace(/\s+/g, " ").trim();
  return line.length <= DESCRIPTION_LIMIT ? line : `${line.slice(0, DESCRIPTION_LIMIT)}...`;
}

/** What is left to load on demand when `stable` is loaded: names and descriptions only, at most 150 library rows. */
export function remainingCatalogue(
  set: DefinitionSet,
  context: RoleContext,
  stable: readonly ProtocolLoad[],
): Catalogue {
  const facts = stable.map((load) => load.fact);
  const names = new Set(facts.map((fact) => fact.name));
  const gateways = invokedGateways(facts);
  const core = catalogueOf(set, context).filter((skill) => !names.has(skill.name));
  const library = new Map<string, string>();
  for (const route of set.routes) {
    const skill = gateways.includes(route.gateway) ? skillOfRoute(set, route) : undefined;
    if (skill && !names.has(skill.name) && library.size < MAX_LISTED)
      library.set(route.path, skill.description);
  }
  return {
    core: core.map(({ name, description }) => ({ name, description })),
    library: [...library].map(([path, description]) => ({ path, description })),
  };
}
