import { matchesGlob } from "../glob.ts";
import type { BlockedReason } from "../specialist/results.ts";
import { indexWords, mentions, pathsIn, type WordIndex } from "../words.ts";
import type { DefinitionSet, GatewayRoute, RoleContext, SkillDefinition } from "./definition.ts";

/** What a piece of work is about, as far as routing looks at it. */
export interface Subject {
  readonly text: string;
  readonly labels: readonly string[];
  readonly paths: readonly string[];
}

/** A subject prepared once for many routes. */
export interface PreparedSubject {
  readonly words: WordIndex;
  readonly labels: ReadonlySet<string>;
  readonly paths: readonly string[];
}

/** Prepares a subject; paths that its text names count like the ones given. */
export function prepareSubject(subject: Subject): PreparedSubject {
  return {
    words: indexWords(subject.text),
    labels: new Set(subject.labels.map((label) => label.trim().toLowerCase())),
    paths: [...new Set([...subject.paths, ...pathsIn(subject.text)])],
  };
}

/** Why a route applies to a subject (its first trigger that matches), or undefined. */
export function routeReason(route: GatewayRoute, subject: PreparedSubject): string | undefined {
  for (const trigger of route.triggers) {
    if (trigger.kind === "words" && mentions(subject.words, trigger.words))
      return `trigger "${trigger.words}"`;
    if (trigger.kind === "label" && subject.labels.has(trigger.label.toLowerCase()))
      return `label "${trigger.label}"`;
    if (trigger.kind === "path") {
      const path = subject.paths.find((candidate) => matchesGlob(candidate, trigger.glob));
      if (path !== undefined) return `path ${path} (${trigger.glob})`;
    }
  }
  return undefined;
}

/** True when a route is mandatory for a role: named, named with its mode (`role:mode`), or for all (`*`, `all`). */
export function isMandatory(route: GatewayRoute, context: RoleContext): boolean {
  const names = [
    context.role,
    "*",
    "all",
    ...(context.mode ? [`${context.role}:${context.mode}`] : []),
  ];
  return route.mandatoryFor.some((name) => names.includes(name.toLowerCase()));
}

/** Where a route's path may lie in the trees that definitions come from, the path as written first. */
export function routeCandidates(path: string): string[] {
  const inner = path.replace(/^library\//, "");
  return [
    path,
    `skills/${path}`,
    `.claude/skill-library/${inner}`,
    `.claude/skills/${path}`,
    `.agents/skills/${path}`,
    `.claude/${path}`,
  ];
}

/** The library skill that a route leads to; undefined when the route dangles. */
export function skillOfRoute(set: DefinitionSet, route: GatewayRoute): SkillDefinition | undefined {
  const library = set.skills.filter((skill) => skill.kind === "library");
  for (const path of routeCandidates(route.path)) {
    const found = library.find((skill) => skill.path === path);
    if (found) return found;
  }
  return undefined;
}

const BLOCKED_GOES_TO: Readonly<Record<BlockedReason, string>> = {
  security: "backend-security-reviewer",
  architecture: "backend-lead",
  tests: "backend-tester",
  requirements: "user",
  environment: "user",
  other: "user",
};

/** Who looks at a blocked task first; the user only where no specialist can. */
export function blockedGoesTo(reason: BlockedReason): string {
  return BLOCKED_GOES_TO[reason];
}
