import { existsSync } from "node:fs";
import { join } from "node:path";
import type { SourceFile } from "../agents/definitions/definition-file.ts";
import { normaliseText } from "../agents/definitions/front-matter.ts";
import { plain, tableRows, textLines } from "../agents/definitions/markdown-lines.ts";
import type { DefinitionSet, Diagnostic } from "../domain/skill/definition.ts";
import { skillOfRoute } from "../domain/skill/routing.ts";
import type { OpenTree } from "./examine.ts";

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/;
/** Words of a "Mandatory for" column that name nobody in particular. */
const EVERYONE = new Set(["*", "all"]);

/** Names of skills and agents, and paths of gateways, that lead nowhere. Kinds whose folder was not given are trusted. */
export function danglingReferences(open: OpenTree, set: DefinitionSet): Diagnostic[] {
  const names: Names = {
    skills: open.skills ? new Set(set.skills.map((skill) => skill.name)) : undefined,
    agents: open.agents ? new Set(allAgentNames(open)) : undefined,
  };
  const files = [...(open.agents?.files.values() ?? []), ...(open.skills?.files.values() ?? [])];
  return [
    ...frontMatterReferences(open, set, names),
    ...files.flatMap((file) => bodyReferences(file, names)),
    ...routeReferences(open, set, names),
  ];
}

interface Names {
  readonly skills: ReadonlySet<string> | undefined;
  readonly agents: ReadonlySet<string> | undefined;
}

function allAgentNames(open: OpenTree): string[] {
  return (open.agents?.reports ?? []).flatMap(({ outcome }) =>
    outcome.kind === "loaded" ? [outcome.value.name] : [],
  );
}

function frontMatterReferences(open: OpenTree, set: DefinitionSet, names: Names): Diagnostic[] {
  return set.agents.flatMap((agent) => {
    const file = open.agents?.files.get(agent.path);
    if (!file) return [];
    const skills = [...agent.skills, ...agent.gateways].filter(
      (name) => names.skills && !names.skills.has(name),
    );
    const agents = agent.tools
      .flatMap((tool) => /^(?:Task|Agent)\(([^)]*)\)$/.exec(tool)?.[1]?.split(",") ?? [])
      .map((name) => name.trim())
      .filter((name) => NAME.test(name) && names.agents && !names.agents.has(name));
    return [
      ...[...new Set(skills)].map((name) => dangling(file, lineWith(file, name), `skill ${name}`)),
      ...agents.map((name) => dangling(file, lineWith(file, name), `agent ${name}`)),
    ];
  });
}

function bodyReferences(file: SourceFile, names: Names): Diagnostic[] {
  const text = normaliseText(file.text);
  const found: Diagnostic[] = [];
  text.split("\n").forEach((line, index) => {
    for (const match of line.matchAll(/\bskill:\s*["']([a-z0-9-]+)["']/g)) {
      const name = match[1] ?? "";
      if (NAME.test(name) && names.skills && !names.skills.has(name) && name !== "skill-name")
        found.push(dangling(file, index + 1, `skill ${name}`));
    }
  });
  for (const row of tableRows(textLines(text, 1))) {
    row.columns.forEach((column, index) => {
      const name = plain(row.cells[index] ?? "");
      if (!NAME.test(name)) return;
      if (/^(agent|specialist)s?$/.test(column) && names.agents && !names.agents.has(name))
        found.push(dangling(file, row.line, `agent ${name}`));
      if (/^skills?$/.test(column) && names.skills && !names.skills.has(name))
        found.push(dangling(file, row.line, `skill ${name}`));
    });
  }
  return found;
}

function routeReferences(open: OpenTree, set: DefinitionSet, names: Names): Diagnostic[] {
  return set.routes.flatMap((route) => {
    const gateway = set.skills.find((s) => s.kind === "core" && s.name === route.gateway);
    const file = gateway && open.skills?.files.get(gateway.path);
    if (!file) return [];
    const roles = route.mandatoryFor
      .map((role) => role.split(":")[0] ?? role)
      .filter((role) => !EVERYONE.has(role) && names.agents && !names.agents.has(role));
    const missing =
      skillOfRoute(set, route) || onDisk(open, route.path) ? [] : [`gateway path ${route.path}`];
    return [...missing, ...roles.map((role) => `agent ${role}`)].map((what) =>
      dangling(file, route.line, what),
    );
  });
}

/** Gateways of other trees write paths from the root of their repository. */
function onDisk(open: OpenTree, path: string): boolean {
  const { skillsDir } = open.tree;
  if (skillsDir === undefined || path.split("/").includes("..")) return false;
  return [".", "..", "../.."].some((up) => existsSync(join(skillsDir, up, path)));
}

function lineWith(file: SourceFile, name: string): number {
  const lines = normaliseText(file.text).split("\n");
  return lines.findIndex((line) => line.includes(name)) + 1 || 1;
}

function dangling(file: SourceFile, line: number, what: string): Diagnostic {
  const message = `${what} does not exist`;
  return { severity: "error", file: file.path, line, rule: "dangling", message };
}
