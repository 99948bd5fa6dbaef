import type { TaskMode } from "../plan/plan.ts";

/** Where a definition or skill came from: this package, or a repository at a recorded commit. */
export type DefinitionSource =
  | { readonly kind: "package" }
  | { readonly kind: "repository"; readonly repository: string; readonly sha: string };

/** Something a person should know about a definition file. `line` counts from 1. */
export interface Diagnostic {
  readonly severity: "error" | "warning" | "info";
  readonly file: string;
  readonly line?: number;
  readonly rule: string;
  readonly message: string;
}

/** One loaded agent definition; `body` is its system prompt. */
export interface AgentDefinition {
  readonly name: string;
  readonly description: string;
  readonly type: string;
  readonly permissionMode: string;
  readonly tools: readonly string[];
  readonly skills: readonly string[];
  readonly gateways: readonly string[];
  readonly model: string;
  readonly color: string;
  readonly body: string;
  readonly path: string;
  readonly source: DefinitionSource;
  /** sha256 of the file's bytes, hexadecimal. */
  readonly sha256: string;
  readonly lenient: boolean;
}

/** One loaded skill; a core skill is invoked by name, a library skill is read by a gateway's path. */
export interface SkillDefinition {
  readonly name: string;
  readonly description: string;
  readonly kind: "core" | "library";
  readonly body: string;
  readonly path: string;
  readonly source: DefinitionSource;
  readonly sha256: string;
  readonly lenient: boolean;
}

/** One row of a gateway's routing table. */
export interface GatewayRoute {
  readonly gateway: string;
  readonly skill: string;
  readonly path: string;
  readonly triggers: readonly Trigger[];
  readonly mandatoryFor: readonly string[];
  readonly line: number;
}

export type Trigger =
  | { readonly kind: "words"; readonly words: string }
  | { readonly kind: "path"; readonly glob: string }
  | { readonly kind: "label"; readonly label: string };

/** Every definition that governs a run, frozen. Repository definitions already laid over the package's. */
export interface DefinitionSet {
  readonly agents: readonly AgentDefinition[];
  readonly skills: readonly SkillDefinition[];
  readonly routes: readonly GatewayRoute[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Who is being instructed: decides gateways, mandatory skills and tools. */
export interface RoleContext {
  readonly role: string;
  readonly mode?: TaskMode;
}
