import type { DefinitionSet } from "../../src/domain/skill/definition.ts";
import { mayEdit, resultSchemaOf, SPECIALISTS } from "../../src/domain/specialist/specialists.ts";
import type { Instructor } from "../../src/ports/agents.ts";

const CORE_SKILLS = [
  "calibrating-time-estimates",
  "orchestrating-multi-agent-workflows",
  "gateway-backend",
  "writing-plans",
  "executing-plans",
  "dispatching-parallel-agents",
  "verifying-before-completion",
];

export const DEFINITIONS: DefinitionSet = {
  agents: SPECIALISTS.map((role) => ({
    name: role.name,
    description: role.purpose,
    type: "specialist",
    permissionMode: "default",
    tools: [],
    skills: [],
    gateways: [],
    model: "sonnet",
    color: "",
    body: "",
    path: `agents/${role.name}.md`,
    source: { kind: "package" },
    sha256: "a".repeat(64),
    lenient: false,
  })),
  skills: CORE_SKILLS.map((name) => ({
    name,
    description: name,
    kind: "core",
    body: name,
    path: `skills/${name}/SKILL.md`,
    source: { kind: "package" },
    sha256: "b".repeat(64),
    lenient: false,
  })),
  routes: [],
  diagnostics: [],
};

/** Tells a specialist its findings and answers, so that scripts can react to them. */
export const INSTRUCTOR: Instructor = {
  instruct: (request) =>
    Promise.resolve({
      systemPrompt: request.role,
      prompt: [
        ...request.brief.context,
        ...request.brief.scope,
        ...(request.brief.instructions ?? []).map(({ by, text }) => `${by} says: ${text}`),
        ...request.brief.findings,
        ...request.brief.answers.map((a) => `${a.question}: ${a.answer}`),
        ...[...(request.brief.background ?? []), ...(request.brief.told ?? [])].map(
          (d) => `${d.title}: ${d.text}`,
        ),
        ...request.brief.data.map((d) => `${d.title}: ${d.text}`),
      ].join("\n"),
      model: "sonnet",
      tools: [],
      writes: mayEdit(request.role),
      resultSchema: resultSchemaOf(
        { role: request.role, ...(request.task.mode ? { mode: request.task.mode } : {}) },
        request.result,
      ),
      loads: [],
      missing: [],
      required: { mandatory: [], missingGateways: [] },
      catalogue: { skills: [], library: [] },
      load: () => ({ refused: "nothing to load" }),
    }),
};
