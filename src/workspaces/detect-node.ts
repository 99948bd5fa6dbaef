import { z } from "zod";
import type { RepoCommand } from "../domain/gate/evidence.ts";
import { detected, outermost, type RepoTree } from "./repo-tree.ts";

const Names = z.record(z.string(), z.string()).catch({});
const Manifest = z
  .object({
    scripts: Names.optional(),
    dependencies: Names.optional(),
    devDependencies: Names.optional(),
    optionalDependencies: Names.optional(),
    workspaces: z.unknown().optional(),
  })
  .catch({});
type Manifest = z.infer<typeof Manifest>;

interface Manager {
  readonly lock: string;
  readonly install: string;
  /** Runs a script of package.json. */
  readonly run: string;
}

const MANAGERS: readonly Manager[] = [
  { lock: "pnpm-lock.yaml", install: "pnpm install --frozen-lockfile", run: "pnpm run" },
  { lock: "yarn.lock", install: "yarn install --frozen-lockfile", run: "yarn run" },
  { lock: "bun.lock", install: "bun install --frozen-lockfile", run: "bun run" },
  { lock: "bun.lockb", install: "bun install --frozen-lockfile", run: "bun run" },
  { lock: "npm-shrinkwrap.json", install: "npm ci", run: "npm run" },
  { lock: "package-lock.json", install: "npm ci", run: "npm run" },
];
const NO_LOCK: Manager = { lock: "", install: "npm install --no-package-lock", run: "npm run" };
const TEST_FILE = /(^|\/)([^/]+[._-]test|test|test-[^/]+)\.[cm]?[jt]s$|(^|\/)test\/.+\.[cm]?js$/;
const PLACEHOLDER = /no test specified/;

/** A workspace's root speaks for its packages; packages outside any workspace each speak for themselves. */
export async function detectNode(tree: RepoTree): Promise<RepoCommand[]> {
  const commands: RepoCommand[] = [];
  for (const dir of outermost(tree.foldersWith("package.json"))) {
    commands.push(...(await detectPackage(tree, dir)));
  }
  if (commands.some(({ kind }) => kind === "test")) return commands;
  // A root that only holds tools: its packages are asked instead.
  const inner = tree.foldersWith("package.json").filter((dir) => dir !== ".");
  for (const dir of outermost(inner)) commands.push(...(await detectPackage(tree, dir)));
  return commands;
}

async function detectPackage(tree: RepoTree, dir: string): Promise<RepoCommand[]> {
  const manifest = await readManifest(tree, dir);
  const manager = MANAGERS.find(({ lock }) => tree.has(dir, lock)) ?? NO_LOCK;
  const commands: RepoCommand[] = [];
  if (needsInstall(manifest)) commands.push(detected("setup", installOf(tree, dir, manager), dir));
  const scripts = manifest.scripts ?? {};
  for (const kind of ["build", "lint"] as const) {
    if (scripts[kind] !== undefined) commands.push(detected(kind, `${manager.run} ${kind}`, dir));
  }
  const test = testCommand(tree, dir, { manifest, manager });
  if (test !== undefined) commands.push(detected("test", test, dir));
  return commands;
}

function testCommand(
  tree: RepoTree,
  dir: string,
  { manifest, manager }: { manifest: Manifest; manager: Manager },
): string | undefined {
  const script = manifest.scripts?.["test"];
  if (script !== undefined && !PLACEHOLDER.test(script)) {
    return manager.run === "npm run" ? "npm test" : `${manager.run} test`;
  }
  if (manifest.workspaces !== undefined && manager.run === "npm run") {
    return "npm test --workspaces --if-present";
  }
  const hasTests = tree
    .below(dir)
    .some((path) => TEST_FILE.test(path) && !path.includes("node_modules/"));
  return hasTests ? "node --test" : undefined;
}

function needsInstall(manifest: Manifest): boolean {
  const { dependencies, devDependencies, optionalDependencies, workspaces } = manifest;
  const named = { ...dependencies, ...devDependencies, ...optionalDependencies };
  return Object.keys(named).length > 0 || workspaces !== undefined;
}

function installOf(tree: RepoTree, dir: string, manager: Manager): string {
  // Yarn from version 2 on has another word for a lock file that must not change.
  const modernYarn = manager.lock === "yarn.lock" && tree.has(dir, ".yarnrc.yml");
  return modernYarn ? "yarn install --immutable" : manager.install;
}

async function readManifest(tree: RepoTree, dir: string): Promise<Manifest> {
  try {
    return Manifest.parse(JSON.parse((await tree.read(dir, "package.json")) ?? "{}"));
  } catch {
    // A file that is no JSON has no scripts; the command that reads it will say so.
    return {};
  }
}
