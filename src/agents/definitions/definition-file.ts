import { createHash } from "node:crypto";
import { findInvisible, stripInvisible } from "../../domain/invisible.ts";
import type {
  AgentDefinition,
  DefinitionSource,
  Diagnostic,
  SkillDefinition,
} from "../../domain/skill/definition.ts";
import { readFields } from "./field-fallback.ts";
import { normaliseText, splitFrontMatter } from "./front-matter.ts";
import { deepFreeze } from "./frozen.ts";
import { isYamlMap, parseStrict, type YamlMap, type YamlValue } from "./strict-yaml.ts";
import { readNames } from "./tools-notation.ts";

/** A file as it was found; `sha256` is of its bytes, hexadecimal. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly sha256: string;
  readonly source: DefinitionSource;
}

/** How a file ended. Every file gives the same outcome each time it is read. */
type FileOutcome<T> =
  | {
      readonly kind: "loaded";
      readonly value: T;
      readonly fields: YamlMap;
      readonly bodyLine: number;
    }
  | { readonly kind: "without-front-matter" }
  | { readonly kind: "skipped"; readonly reason: string };

export interface FileReport<T> {
  readonly path: string;
  readonly outcome: FileOutcome<T>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Makes a source file of text that was decoded already. */
export function sourceFile(file: {
  path: string;
  text: string;
  source: DefinitionSource;
}): SourceFile {
  return { ...file, sha256: createHash("sha256").update(file.text).digest("hex") };
}

/** Reads one agent definition. A missing name is taken from the file's name. Never throws. */
export function readAgentFile(file: SourceFile): FileReport<AgentDefinition> {
  return readDefinition(file, (opened, note) => {
    const { fields } = opened;
    const stem = (file.path.split("/").at(-1) ?? file.path).replace(/(\.agent)?\.md$/i, "");
    const name = oneLine(text(fields, "name")) || stem;
    if (!oneLine(text(fields, "name")))
      note("name-missing", `there is no name; the file's name "${stem}" is used`);
    const description = unescape(text(fields, "description") ?? "");
    if (!description.trim()) note("description-missing", "there is no description");
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))
      note("name-style", `the name "${name}" is not lower-case words joined by hyphens`);
    return {
      name,
      description,
      type: oneLine(text(fields, "type")),
      permissionMode: oneLine(text(fields, "permissionMode")) || "default",
      tools: readNames(fields["tools"]),
      skills: readNames(fields["skills"]),
      gateways: readNames(fields["gateways"]),
      model: oneLine(text(fields, "model")) || "inherit",
      color: oneLine(text(fields, "color")),
      ...common(file, opened),
    };
  });
}

/** Reads one skill file of that kind; without a description it is skipped. Never throws. */
export function readSkillFile(
  file: SourceFile,
  kind: SkillDefinition["kind"],
): FileReport<SkillDefinition> {
  return readDefinition(file, (opened, note) => {
    const { fields } = opened;
    const folder = file.path.split("/").at(-2) ?? file.path.replace(/\.md$/i, "");
    const name = oneLine(text(fields, "name")) || folder;
    if (!oneLine(text(fields, "name")))
      note("name-missing", `there is no name; the folder's name "${folder}" is used`);
    const description = unescape(text(fields, "description") ?? "");
    if (!description.trim())
      return "the skill has no description, so nobody could tell when to use it";
    return { name, description, kind, ...common(file, opened) };
  });
}

interface Opened {
  readonly fields: YamlMap;
  readonly body: string;
  readonly lenient: boolean;
}

function common(
  file: SourceFile,
  opened: Opened,
): Pick<AgentDefinition, "body" | "path" | "source" | "sha256" | "lenient"> {
  const { path, source, sha256 } = file;
  return { body: opened.body.trim(), path, source, sha256, lenient: opened.lenient };
}

type Note = (
  rule: string,
  message: string,
  at?: { line?: number; severity?: Diagnostic["severity"] },
) => void;

function readDefinition<T>(
  file: SourceFile,
  build: (opened: Opened, note: Note) => T | string,
): FileReport<T> {
  const diagnostics: Diagnostic[] = [];
  function note(
    rule: string,
    message: string,
    at: { line?: number; severity?: Diagnostic["severity"] } = {},
  ): void {
    const line = at.line === undefined ? {} : { line: at.line };
    diagnostics.push({
      severity: at.severity ?? "warning",
      file: file.path,
      ...line,
      rule,
      message,
    });
  }
  function done(outcome: FileOutcome<T>): FileReport<T> {
    return deepFreeze({ path: file.path, outcome, diagnostics });
  }
  function skip(rule: string, reason: string, line = 1): FileReport<T> {
    note(rule, reason, { line, severity: "error" });
    return done({ kind: "skipped", reason });
  }

  const normal = normaliseText(file.text);
  const clean = withoutInvisible(normal, note);
  const split = splitFrontMatter(clean);
  if (split.kind === "none") {
    note("no-front-matter", "the file has no front matter; it is ignored", { line: 1 });
    return done({ kind: "without-front-matter" });
  }
  if (split.kind === "unclosed")
    return skip("unclosed-front-matter", "the front matter has no closing line of three hyphens");
  if (split.kind === "language")
    return skip(
      "language-tag",
      `the fence names the language "${split.tag.slice(0, 40)}"; only plain --- is read, and nothing is ever run`,
    );
  if (split.kind === "too-large")
    return skip(
      "front-matter-too-large",
      `the front matter has ${split.bytes} bytes; 65536 are allowed`,
    );
  const read = readMatter(split.matter, note);
  if (typeof read === "string") return skip("front-matter-refused", read, 2);
  const built = build({ ...read, body: split.body }, note);
  if (typeof built === "string") return skip("description-missing", built, 2);
  return done({
    kind: "loaded",
    value: built,
    fields: read.fields,
    bodyLine: split.bodyLine + leadingBlankLines(split.body),
  });
}

/** Bodies are kept without the blank lines around them. */
function leadingBlankLines(body: string): number {
  return (/^\s*\n/.exec(body)?.[0].match(/\n/g) ?? []).length;
}

function withoutInvisible(text: string, note: Note): string {
  const [first, ...more] = findInvisible(text);
  if (!first) return text;
  const others =
    more.length === 0 ? "" : ` and ${more.length}${more.length >= 99 ? " or more" : ""} others`;
  note("invisible-character", `invisible ${first.what} ${first.codePoint}${others} removed`, {
    line: first.line,
  });
  return stripInvisible(text);
}

/** Strict YAML where it gives name and description as texts, else the reading by fields; a text when both fail. */
function readMatter(matter: string, note: Note): { fields: YamlMap; lenient: boolean } | string {
  const strict = parseStrict(matter);
  if (!strict.ok && strict.refused) return `the front matter is refused: ${strict.message}`;
  const map = strict.ok && isYamlMap(strict.value) ? strict.value : undefined;
  if (map && isText(map["name"]) && isText(map["description"])) {
    noteComment(matter, map, note);
    return { fields: map, lenient: false };
  }
  const fields = readFields(matter);
  if (map && !improves(map, fields)) {
    return Object.keys(map).length > 0
      ? { fields: map, lenient: false }
      : "the front matter is empty";
  }
  if (fields.size === 0)
    return `the front matter holds no field that is known${strict.ok ? "" : `, and is not YAML: ${strict.message}`}`;
  const line = strict.ok ? 2 : strict.line + 1;
  const why = strict.ok ? "name and description are not both texts" : strict.message;
  note("lenient", `not strict YAML (${why}); read field by field`, { line });
  return { fields: asMap({ ...map, ...Object.fromEntries(fields) }), lenient: true };
}

/** The reading by fields is worth more only if it has a name or description that the strict one lacks. */
function improves(map: YamlMap, fields: ReadonlyMap<string, YamlValue>): boolean {
  return ["name", "description"].some((key) => !isText(map[key]) && isText(fields.get(key)));
}

function asMap(fields: { readonly [key: string]: YamlValue }): YamlMap {
  return Object.freeze(Object.assign(Object.create(null) as object, fields)) as YamlMap;
}

/** YAML drops what follows ` #` in an unquoted value; the author rarely means that. */
function noteComment(matter: string, map: YamlMap, note: Note): void {
  const lines = matter.split("\n");
  const index = lines.findIndex((line) => line.startsWith("description:"));
  const [, value = ""] = /^description:\s+([^"'|>].*)$/.exec(lines[index] ?? "") ?? [];
  const dropped = /\s#.*$/.exec(value)?.[0];
  if (dropped === undefined || text(map, "description")?.includes(dropped.trim())) return;
  note(
    "comment-in-description",
    `YAML reads "${dropped.trim().slice(0, 60)}" as a comment: quote the description`,
    { line: index + 2 },
  );
}

function isText(value: YamlValue | undefined): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function text(fields: YamlMap, key: string): string | undefined {
  const value = fields[key];
  return typeof value === "string" ? value : undefined;
}

/** Fields that hold one word end with their first line. */
function oneLine(value: string | undefined): string {
  return (value ?? "").trim().split("\n")[0]?.trim() ?? "";
}

function unescape(description: string): string {
  return description.replaceAll("\\n", "\n");
}
