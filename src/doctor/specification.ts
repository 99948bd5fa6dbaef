import type { FileReport } from "../agents/definitions/definition-file.ts";
import type { Diagnostic, SkillDefinition } from "../domain/skill/definition.ts";
import type { OpenTree } from "./examine.ts";

const SKILL_FIELDS = new Set([
  "name",
  "description",
  "license",
  "compatibility",
  "metadata",
  "allowed-tools",
]);
const MAX_BODY_LINES = 500;

/** Two agents, or two core skills, of one name: only the first can ever be used. */
export function duplicateNames(open: OpenTree): Diagnostic[] {
  const agents = (open.agents?.reports ?? []).map((report) => named(report));
  const skills = (open.skills?.reports ?? [])
    .filter(({ outcome }) => outcome.kind === "loaded" && outcome.value.kind === "core")
    .map((report) => named(report));
  return [...repeated("agent", agents), ...repeated("skill", skills)];
}

interface Named {
  readonly path: string;
  readonly name: string | undefined;
}

function named(report: FileReport<{ readonly name: string }>): Named {
  const { path, outcome } = report;
  return {
    path,
    name: outcome.kind === "loaded" ? outcome.value.name.normalize("NFKC") : undefined,
  };
}

function repeated(kind: string, items: readonly Named[]): Diagnostic[] {
  const first = new Map<string, string>();
  return items.flatMap(({ path, name }): Diagnostic[] => {
    if (name === undefined) return [];
    const earlier = first.get(name);
    first.set(name, earlier ?? path);
    if (earlier === undefined) return [];
    const message = `the ${kind} ${name} stands in ${earlier} already; that one is used`;
    return [{ severity: "error", file: path, line: 1, rule: "duplicate-name", message }];
  });
}

/** Where skills depart from the Agent Skills specification. Such skills load all the same. */
export function specificationBreaches(open: OpenTree): Diagnostic[] {
  return (open.skills?.reports ?? []).flatMap(breachesOf);
}

function breachesOf(report: FileReport<SkillDefinition>): Diagnostic[] {
  const { path, outcome } = report;
  if (outcome.kind !== "loaded") return [];
  const { name, description, body } = outcome.value;
  const { fields } = outcome;
  const folder = path.split("/").at(-2);
  const unknown = Object.keys(fields).filter((key) => !SKILL_FIELDS.has(key));
  const compatibility = fields["compatibility"];
  const lines = body.split("\n").length;
  const breaches: (readonly [holds: boolean, message: string])[] = [
    [
      !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name),
      `the name "${name}" is not lower-case words joined by hyphens`,
    ],
    [name.length > 64, `the name has ${name.length} characters; 64 are allowed`],
    [
      folder !== undefined && folder.normalize("NFKC") !== name.normalize("NFKC"),
      `the name ${name} is not the folder's name ${folder ?? ""}`,
    ],
    [
      description.length > 1024,
      `the description has ${description.length} characters; 1024 are allowed`,
    ],
    [
      typeof compatibility === "string" && compatibility.length > 500,
      "compatibility has more than 500 characters",
    ],
    [
      Array.isArray(fields["allowed-tools"]),
      "allowed-tools is a list; the specification has one text separated by spaces",
    ],
    [unknown.length > 0, `fields that the specification does not have: ${unknown.join(", ")}`],
    [
      lines > MAX_BODY_LINES,
      `the body has ${lines} lines; fewer than ${MAX_BODY_LINES} are recommended`,
    ],
  ];
  return breaches
    .filter(([holds]) => holds)
    .map(([, message]) => ({
      severity: "warning",
      file: path,
      line: 1,
      rule: "specification",
      message,
    }));
}
