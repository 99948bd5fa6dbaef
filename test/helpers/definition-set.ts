import type { LedgerEvent, LedgerFact, LoadFact } from "../../src/domain/run/ledger-event.ts";
import { LedgerEvent as LedgerEventShape } from "../../src/domain/run/ledger-event.ts";
import type {
  AgentDefinition,
  DefinitionSet,
  SkillDefinition,
} from "../../src/domain/skill/definition.ts";
import { ORCHESTRATOR_STEP_ONE, PROTOCOL_SKILLS } from "../../src/domain/skill/protocol.ts";
import { ORCHESTRATOR_ROLE, SPECIALISTS } from "../../src/domain/specialist/specialists.ts";

const SOURCE = { kind: "package" } as const;
let hashes = 0;

function common(path: string) {
  hashes += 1;
  return {
    description: `Use for ${path}.`,
    body: `Text of ${path}.`,
    path,
    source: SOURCE,
    sha256: hashes.toString(16).padStart(64, "0"),
    lenient: false,
  };
}

export function agentDefinition(
  name: string,
  change: Partial<AgentDefinition> = {},
): AgentDefinition {
  return {
    name,
    type: "specialist",
    permissionMode: "default",
    tools: [],
    skills: ["using-todowrite", "verifying-before-completion"],
    gateways: [],
    model: "sonnet",
    color: "",
    ...common(`agents/${name}.md`),
    ...change,
  };
}

function coreSkill(name: string): SkillDefinition {
  return { name, kind: "core", ...common(`skills/${name}/SKILL.md`) };
}

function librarySkill(name: string): SkillDefinition {
  return { name, kind: "library", ...common(`skills/library/topic/${name}/SKILL.md`) };
}

/** A small world of definitions: the whole roster, the protocol, four gateways, and five library skills. */
export function smallSet(): DefinitionSet {
  const gateways = ["gateway-testing", "gateway-security", "gateway-integrations"];
  function route(
    gateway: string,
    skill: string,
    more: { words?: string; path?: string; label?: string; mandatoryFor?: readonly string[] },
  ) {
    return {
      gateway,
      skill,
      path: `library/topic/${skill}/SKILL.md`,
      triggers: [
        ...(more.words ? [{ kind: "words" as const, words: more.words }] : []),
        ...(more.path ? [{ kind: "path" as const, glob: more.path }] : []),
        ...(more.label ? [{ kind: "label" as const, label: more.label }] : []),
      ],
      mandatoryFor: more.mandatoryFor ?? [],
      line: 1,
    };
  }
  return {
    agents: [ORCHESTRATOR_ROLE, ...SPECIALISTS.map((role) => role.name)].map((name) =>
      agentDefinition(name),
    ),
    skills: [
      ...[...PROTOCOL_SKILLS, ...gateways].map(coreSkill),
      ...["dynamo", "goroutines", "authorising", "behaviour", "webhooks"].map(librarySkill),
    ],
    routes: [
      route("gateway-backend", "dynamo", { words: "dynamodb", path: "**/store/**" }),
      route("gateway-backend", "goroutines", { words: "goroutine" }),
      route("gateway-backend", "authorising", { words: "auth", label: "security" }),
      route("gateway-testing", "behaviour", { mandatoryFor: ["backend-tester"] }),
      route("gateway-security", "authorising", { mandatoryFor: ["backend-security-reviewer"] }),
      route("gateway-integrations", "webhooks", {
        words: "webhook",
        mandatoryFor: ["integration-developer:implementation"],
      }),
    ],
    diagnostics: [],
  };
}

/** Numbers facts as a ledger would. */
export function ledgerOf(...facts: readonly LedgerFact[]): LedgerEvent[] {
  return facts.map((fact, index) =>
    LedgerEventShape.parse({ seq: index + 1, at: "2026-01-01T00:00:00Z", key: `k${index}`, fact }),
  );
}

export function loadFact(name: string, change: Partial<LoadFact> = {}): LoadFact {
  return {
    name,
    kind: "core-skill",
    path: `skills/${name}/SKILL.md`,
    source: "package",
    sha256: "a".repeat(64),
    reason: "test",
    mandatory: true,
    ...change,
  };
}

export function loaded(name: string, change: Partial<LoadFact> = {}): LedgerFact {
  return { type: "loaded", scope: "run", load: loadFact(name, change) };
}

/** The facts of a complete Step 1. */
export function stepOneFacts(): LedgerFact[] {
  return ORCHESTRATOR_STEP_ONE.map((name) => loaded(name));
}
