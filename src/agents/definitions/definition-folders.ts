import { createHash } from "node:crypto";
import { join } from "node:path";
import type {
  AgentDefinition,
  DefinitionSource,
  Diagnostic,
  SkillDefinition,
} from "../../domain/skill/definition.ts";
import {
  type FileReport,
  readAgentFile,
  readSkillFile,
  type SourceFile,
} from "./definition-file.ts";
import {
  byCodeUnits,
  OPERATOR_LIMITS,
  readBounded,
  type WalkLimits,
  walkTree,
} from "./tree-walk.ts";

/** Everything found in a folder of definitions, one report per file, in the order of their paths. */
export interface FolderReport<T> {
  readonly reports: readonly FileReport<T>[];
  /** The files that were read, by path. */
  readonly files: ReadonlyMap<string, SourceFile>;
}

/** A folder on disk, and the prefix that its files' paths get in reports. */
export interface DefinitionFolder {
  readonly dir: string;
  readonly prefix: string;
  readonly source: DefinitionSource;
  readonly limits?: WalkLimits;
}

/** Reads every Markdown file below a folder as an agent definition. */
export async function readAgentFolder(
  folder: DefinitionFolder,
): Promise<FolderReport<AgentDefinition>> {
  return await readFolder(folder, isMarkdown, readAgentFile);
}

/**
 * Reads every skill below a folder: files named `SKILL.md`, or, in a folder without any, every Markdown file. What lies
 * in a folder called `library` or `skill-library` is a library skill.
 */
export async function readSkillFolder(
  folder: DefinitionFolder,
): Promise<FolderReport<SkillDefinition>> {
  const named = await readFolder(folder, isSkillFile, readSkill);
  return named.reports.length > 0 ? named : await readFolder(folder, isMarkdown, readSkill);
}

function readSkill(file: SourceFile): FileReport<SkillDefinition> {
  return readSkillFile(file, isLibraryPath(file.path) ? "library" : "core");
}

/** True for the path of a library skill, wherever its tree is rooted. */
export function isLibraryPath(path: string): boolean {
  return /(^|\/)(skill-)?library\//.test(path);
}

function isMarkdown(path: string): boolean {
  return /\.md$/i.test(path);
}

function isSkillFile(path: string): boolean {
  return /(^|[/._-])SKILL\.md$/i.test(path);
}

async function readFolder<T>(
  folder: DefinitionFolder,
  wanted: (path: string) => boolean,
  read: (file: SourceFile) => FileReport<T>,
): Promise<FolderReport<T>> {
  const limits = folder.limits ?? OPERATOR_LIMITS;
  const { files, skipped } = await walkTree(folder.dir, limits, wanted);
  const reports = skipped.map(({ path, reason }) => skippedReport<T>(folder.prefix + path, reason));
  const texts = new Map<string, SourceFile>();
  for (const path of files) {
    const found = await readBounded(join(folder.dir, path), limits.fileBytes);
    if ("reason" in found) {
      reports.push(skippedReport(folder.prefix + path, found.reason));
      continue;
    }
    const file = decode(folder, path, found.bytes);
    texts.set(file.path, file);
    reports.push(read(file));
  }
  return { reports: reports.toSorted((a, b) => byCodeUnits(a.path, b.path)), files: texts };
}

function decode(folder: DefinitionFolder, path: string, bytes: Buffer): SourceFile {
  return {
    path: folder.prefix + path,
    text: bytes.toString("utf8"),
    sha256: createHash("sha256").update(bytes).digest("hex"),
    source: folder.source,
  };
}

function skippedReport<T>(path: string, reason: string): FileReport<T> {
  const diagnostic: Diagnostic = {
    severity: "warning",
    file: path,
    rule: "not-read",
    message: reason,
  };
  return { path, outcome: { kind: "skipped", reason }, diagnostics: [diagnostic] };
}
