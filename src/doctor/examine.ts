import { resolve } from "node:path";
import {
  type FolderReport,
  readAgentFolder,
  readSkillFolder,
} from "../agents/definitions/definition-folders.ts";
import { overlay } from "../agents/definitions/overlay.ts";
import { byCodeUnits } from "../agents/definitions/tree-walk.ts";
import type { AgentDefinition, Diagnostic, SkillDefinition } from "../domain/skill/definition.ts";
import { danglingLinks } from "./links.ts";
import { danglingReferences } from "./references.ts";
import { duplicateNames, specificationBreaches } from "./specification.ts";

/** What was found in one folder of definitions. */
export interface KindReport {
  readonly dir: string;
  readonly files: number;
  readonly loaded: number;
  /** Of the loaded ones, those that are not strict YAML. */
  readonly loadedLeniently: number;
  readonly withoutFrontMatter: number;
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  readonly entries: readonly {
    readonly path: string;
    readonly name: string;
    readonly descriptionLength: number;
    readonly lenient: boolean;
  }[];
}

export interface TreeReport {
  readonly ok: boolean;
  readonly agents?: KindReport;
  readonly skills?: KindReport;
  readonly diagnostics: readonly Diagnostic[];
}

/** The folders to look at; `own` holds them to what this package demands of itself. */
export interface Tree {
  readonly agentsDir?: string;
  readonly skillsDir?: string;
  readonly own: boolean;
}

/** The folders of a tree, read; what a check works on. */
export interface OpenTree {
  readonly tree: Tree;
  readonly agents?: FolderReport<AgentDefinition>;
  readonly skills?: FolderReport<SkillDefinition>;
}

/**
 * Reads folders of agents and skills and checks them: files that do not load, references and links that lead nowhere,
 * breaches of the specification, repeated names, invisible characters. Nothing in a file is executed. Rejects when a
 * folder cannot be read.
 */
export async function examineTree(tree: Tree): Promise<TreeReport> {
  const source = { kind: "package" } as const;
  const agents = tree.agentsDir
    ? await readAgentFolder({ dir: tree.agentsDir, prefix: "", source })
    : undefined;
  const skills = tree.skillsDir
    ? await readSkillFolder({ dir: tree.skillsDir, prefix: "", source })
    : undefined;
  const open: OpenTree = { tree, ...(agents && { agents }), ...(skills && { skills }) };
  const set = overlay({ agents: agents?.reports ?? [], skills: skills?.reports ?? [] });
  const found = [
    ...[...(agents?.reports ?? []), ...(skills?.reports ?? [])].flatMap((r) => r.diagnostics),
    ...duplicateNames(open),
    ...specificationBreaches(open),
    ...danglingReferences(open, set),
    ...danglingLinks(open),
  ].map((diagnostic) => (tree.own ? stricter(diagnostic) : diagnostic));
  const diagnostics = found.toSorted(
    (a, b) => byCodeUnits(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0),
  );
  return {
    ok: !diagnostics.some((diagnostic) => diagnostic.severity === "error"),
    ...(agents && { agents: kindReport(tree.agentsDir ?? "", agents) }),
    ...(skills && { skills: kindReport(tree.skillsDir ?? "", skills) }),
    diagnostics,
  };
}

/** In our own tree a hidden character is a mistake of ours; elsewhere it is removed and told. */
function stricter(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.rule === "invisible-character"
    ? { ...diagnostic, severity: "error" }
    : diagnostic;
}

function kindReport(
  dir: string,
  folder: FolderReport<AgentDefinition | SkillDefinition>,
): KindReport {
  const { reports } = folder;
  const entries = reports.flatMap(({ path, outcome }) =>
    outcome.kind === "loaded"
      ? [
          {
            path,
            name: outcome.value.name,
            descriptionLength: outcome.value.description.length,
            lenient: outcome.value.lenient,
          },
        ]
      : [],
  );
  return {
    dir: resolve(dir),
    files: reports.length,
    loaded: entries.length,
    loadedLeniently: entries.filter((entry) => entry.lenient).length,
    withoutFrontMatter: reports.filter((r) => r.outcome.kind === "without-front-matter").length,
    skipped: reports.flatMap(({ path, outcome }) =>
      outcome.kind === "skipped" ? [{ path, reason: outcome.reason }] : [],
    ),
    entries,
  };
}
