import { z } from "zod";
import { CommandKind, type RepoCommand, type ServiceSpec } from "./gate/evidence.ts";
import { ORCHESTRATOR_ROLE, SPECIALISTS } from "./specialist/specialists.ts";

/** Where a repository's profile lies; it is read from the default branch only. */
export const REPO_CONFIG_PATH = ".github/orchestrator.yml";

const Line = z.string().trim().min(1).max(500);
const RepoPath = z
  .string()
  .trim()
  .min(1)
  .max(300)
  .refine((path) => !path.startsWith("/") && !path.split("/").includes(".."), {
    message: "expected a path inside the repository, without a leading / and without ..",
  });

const CommandText = z.string().trim().min(1).max(2_000);

const Command = z.union([
  CommandText,
  z.strictObject({
    run: CommandText.describe("Run by `sh -c` in the jail."),
    cwd: RepoPath.optional().describe("Folder to run in, relative to the repository's root."),
    timeout_minutes: z.number().positive().max(120).optional(),
  }),
]);
type Command = z.infer<typeof Command>;

const Commands = z.union([Command, z.array(Command).min(1).max(20)]);

const Module = z.strictObject({
  path: RepoPath,
  purpose: Line,
  language: Line.optional(),
});

const Entity = z.strictObject({ name: Line, meaning: Line });

const Service = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, "expected lower-case words joined by hyphens"),
  command: CommandText.describe("Starts the service in the foreground, inside the jail."),
  ready: CommandText.describe("Ends with 0 once the service can be used; repeated until then."),
  cwd: RepoPath.optional(),
  ready_seconds: z.number().positive().max(600).default(60),
});

const ROLES = [ORCHESTRATOR_ROLE, ...SPECIALISTS.map((role) => role.name)] as const;
const RoleName = z.enum(ROLES);

const SpecialistSettings = z.strictObject({
  model: Line.optional().describe("A tier (opus, sonnet, haiku) or a model id."),
  skills: z
    .array(z.string().trim().min(1).max(300))
    .max(20)
    .default([])
    .describe("Core skill names, or paths exactly as a gateway's table gives them."),
});

/**
 * `.github/orchestrator.yml`: what a repository tells the orchestrator about itself. It can narrow the operator's
 * limits, never widen them.
 */
export const RepoConfig = z.strictObject({
  version: z.literal(1).describe("The version of this format."),
  name: Line.optional().describe("What the product is called in briefs."),
  description: Line.optional(),
  modules: z.array(Module).max(100).default([]),
  entities: z.array(Entity).max(100).default([]).describe("The core nouns of the domain."),
  glossary: z.array(Entity).max(200).default([]).describe("Words that mean something here."),
  commands: z
    .strictObject({
      setup: Commands.optional(),
      build: Commands.optional(),
      lint: Commands.optional(),
      test: Commands.optional(),
    })
    .default({}),
  services: z.array(Service).max(10).default([]),
  shared_test_infrastructure: z
    .boolean()
    .default(false)
    .describe("True when test suites share infrastructure and must not run at the same time."),
  specialists: z.partialRecord(RoleName, SpecialistSettings).default({}),
  plan_approval: z
    .enum(["never", "large", "always"])
    .optional()
    .describe("When a person must approve the plan; absent: what the operator set."),
  concurrency: z
    .number()
    .int()
    .min(1)
    .max(16)
    .optional()
    .describe("Most tasks of a run at a time."),
  budget: z
    .strictObject({
      usd: z.number().positive().max(10_000).optional(),
      tokens: z.number().int().positive().optional(),
      minutes: z.number().positive().max(10_080).optional(),
    })
    .default({}),
  protected_paths: z
    .array(RepoPath)
    .max(100)
    .default([])
    .describe("Globs of files that no specialist may change without a person's approval."),
});
export type RepoConfig = z.infer<typeof RepoConfig>;

/** How many specialists of a run may work at a time: as many as have something to do, unless the profile says fewer. */
export function mostAtOnce(profile: RepoConfig | undefined): number | undefined {
  return profile?.shared_test_infrastructure ? 1 : profile?.concurrency;
}

/** One thing that is wrong with a profile; `path` leads to the place, such as `["modules", 2, "path"]`. */
export interface ConfigProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** Line in the file, from 1, where it is known. */
  readonly line?: number;
}

export type CheckedConfig =
  | { readonly ok: true; readonly config: RepoConfig }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Checks a parsed profile and names all problems at once. */
export function checkRepoConfig(value: unknown): CheckedConfig {
  const parsed = RepoConfig.safeParse(value);
  if (parsed.success) return { ok: true, config: parsed.data };
  return { ok: false, problems: parsed.error.issues.flatMap((issue) => problemsOf(issue)) };
}

function problemsOf(issue: z.core.$ZodIssue): ConfigProblem[] {
  const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `there is no setting ${key}${nearest(key, path)}`,
    }));
  if (issue.code === "invalid_union") {
    // The branch that got furthest says what is really wrong.
    const deepest = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0] ?? [];
    if (deepest.length > 0 && depth(deepest) > 0)
      return deepest.flatMap((inner) =>
        problemsOf({ ...inner, path: [...issue.path, ...inner.path] }),
      );
    return [{ path, message: "expected a command, or a map with run, or a list of those" }];
  }
  const missing = /^Invalid input: expected (.+), received undefined$/.exec(issue.message)?.[1];
  return [{ path, message: missing ? `is missing; expected ${missing}` : issue.message }];
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(
    0,
    ...issues.map((i) => i.path.length + (i.code === "unrecognized_keys" ? 1 : 0)),
  );
}

function nearest(key: string, path: readonly (string | number)[]): string {
  const known = path.length === 0 ? Object.keys(RepoConfig.shape) : [];
  const plain = key.toLowerCase().replace(/[^a-z]/g, "");
  const found = known.find((name) => {
    const other = name.replace(/_/g, "");
    return other.startsWith(plain) || plain.startsWith(other);
  });
  return found ? `; did you mean ${found}?` : "";
}

/** A profile's commands in the order they are run: setup, build, lint, test. */
export function commandsFromConfig(
  config: RepoConfig,
  source: RepoCommand["source"] = "repository-config",
): RepoCommand[] {
  return CommandKind.options.flatMap((kind) => {
    const given = config.commands[kind];
    const list = given === undefined ? [] : Array.isArray(given) ? given : [given];
    return list.map((command) => toRepoCommand(command, kind, source));
  });
}

/** The services that test commands find started. */
export function servicesFromConfig(config: RepoConfig): ServiceSpec[] {
  return config.services.map(({ name, command, ready, cwd = ".", ready_seconds: seconds }) => ({
    name,
    command,
    ready,
    cwd,
    readyMs: Math.round(seconds * 1_000),
  }));
}

/** Test commands with the services that run beside them; setup and build have to do without. */
export function withServices(
  commands: readonly RepoCommand[],
  services: readonly ServiceSpec[],
): RepoCommand[] {
  if (services.length === 0) return [...commands];
  return commands.map((command) =>
    command.kind === "test" ? { ...command, services: [...services] } : command,
  );
}

function toRepoCommand(
  command: Command,
  kind: CommandKind,
  source: RepoCommand["source"],
): RepoCommand {
  if (typeof command === "string") return { kind, command, cwd: ".", source, timeoutMs: 600_000 };
  const { run, cwd = ".", timeout_minutes: minutes = 10 } = command;
  return { kind, command: run, cwd, source, timeoutMs: Math.round(minutes * 60_000) };
}

/** What the profile says about the repository, one line each, for the context of every brief. */
export function profileLines(config: RepoConfig): string[] {
  const { name, description, modules, entities, glossary, services } = config;
  const commands = commandsFromConfig(config).map(
    ({ kind, command, cwd }) => `${kind}: \`${command}\`${cwd === "." ? "" : ` in ${cwd}`}`,
  );
  return [
    ...(name ? [`Product: ${name}${description ? ` - ${description}` : ""}`] : []),
    ...modules.map(
      (m) => `Module \`${m.path}\`: ${m.purpose}${m.language ? ` (${m.language})` : ""}`,
    ),
    ...entities.map((entity) => `Entity ${entity.name}: ${entity.meaning}`),
    ...glossary.map((term) => `Term ${term.name}: ${term.meaning}`),
    ...commands.map((command) => `Command ${command}`),
    ...services.map(
      ({ name, command, ready }) =>
        `Service ${name}: started for the tests by \`${command}\`; ready when \`${ready}\` ends with 0`,
    ),
  ];
}

/** The published JSON Schema of `.github/orchestrator.yml`. */
export function repoConfigJsonSchema(): object {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "backend-orchestrator repository profile, version 1",
    ...z.toJSONSchema(RepoConfig, { io: "input", target: "draft-2020-12" }),
  };
}
