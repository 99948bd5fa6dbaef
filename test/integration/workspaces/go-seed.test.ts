import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Evidence, RepoCommand } from "../../../src/domain/gate/evidence.ts";
import { dispatchId, runId } from "../../../src/domain/ids.ts";
import {
  bareOf,
  commitTo,
  hasBubblewrap,
  hasGo,
  makeWorld,
  PATH,
  temporaryDirectory,
  type World,
} from "./world.ts";

const DEPENDENCY = "example.com/words";
const VERSION = "v1.0.0";
const NO_SUM_DATABASE = { GONOSUMDB: "*", GOFLAGS: "-modcacherw" };

/** A folder laid out as a module proxy, with one module that ends every program that runs it. */
function makeProxy(): string {
  const root = temporaryDirectory("proxy");
  const versions = join(root, DEPENDENCY, "@v");
  const source = join(root, "source");
  for (const folder of [versions, source]) mkdirSync(folder, { recursive: true });
  const files = {
    "go.mod": `module ${DEPENDENCY}\n\ngo 1.21\n`,
    "words.go":
      'package words\n\nimport "os"\n\nfunc init() {\n\tif os.Getenv("MAY_RUN") == "" {\n\t\tos.Exit(7)\n\t}\n}\n\nconst Hello = "hello"\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(source, name), text);
  function git(...args: string[]): void {
    execFileSync("git", ["-c", "user.name=p", "-c", "user.email=p@example.invalid", ...args], {
      cwd: source,
      env: { PATH, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" },
    });
  }
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "-m", "One");
  const prefix = `--prefix=${DEPENDENCY}@${VERSION}/`;
  git("archive", "--format=zip", prefix, "-o", join(versions, `${VERSION}.zip`), "HEAD");
  writeFileSync(join(versions, `${VERSION}.mod`), files["go.mod"]);
  writeFileSync(
    join(versions, `${VERSION}.info`),
    JSON.stringify({ Version: VERSION, Time: "2026-01-01T00:00:00Z" }),
  );
  return root;
}

function sumOf(proxy: string): string {
  const home = temporaryDirectory("sum");
  const said = execFileSync("go", ["mod", "download", "-json", `${DEPENDENCY}@${VERSION}`], {
    cwd: home,
    env: { PATH, HOME: home, GOPROXY: `file://${proxy}`, GOTOOLCHAIN: "local", ...NO_SUM_DATABASE },
    encoding: "utf8",
  });
  const { Sum, GoModSum } = JSON.parse(said) as { Sum: string; GoModSum: string };
  return `${DEPENDENCY} ${VERSION} ${Sum}\n${DEPENDENCY} ${VERSION}/go.mod ${GoModSum}\n`;
}

/** Stands in for the gateway: the proxy is a folder that the jail may read. */
async function openEgress(proxy: string) {
  const socket = join(temporaryDirectory("socket"), "way");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  onTestFinished(() => void server.close());
  return () =>
    Promise.resolve({
      socket,
      readable: [proxy],
      env: { GOPROXY: `file://${proxy}`, ...NO_SUM_DATABASE },
      wrap: (argv: readonly string[]) => argv,
      close: () => Promise.resolve(),
    });
}

function service(goSum: string): Record<string, string> {
  return {
    "go.mod": `module example.org/service\n\ngo 1.21\n\nrequire ${DEPENDENCY} ${VERSION}\n`,
    "go.sum": goSum,
    "service.go": `package service\n\nimport (\n\t"example.org/service/inner"\n\t"${DEPENDENCY}"\n)\n\nvar Said = words.Hello + inner.Name\n`,
    "inner/inner.go": 'package inner\n\nconst Name = "x"\n',
    "gone.go":
      '//go:build never\n\npackage service\n\nimport "example.com/gone"\n\nvar Gone = gone.X\n',
  };
}

const COMMANDS = [
  RepoCommand.parse({ kind: "setup", command: "go mod download", source: "base-config" }),
  RepoCommand.parse({ kind: "build", command: "go build -v ./...", source: "base-config" }),
];

function seedsIn(world: World): string[] {
  return readdirSync(join(world.dataDir, "seeds"))
    .filter((name) => name !== "making")
    .sort();
}

/** Verifies main as run number `n` of an issue. */
async function verifyAs(world: World, n: number): Promise<Evidence[]> {
  const sha = await world.workspaces.fetchBranch(world.repo, "main");
  if (sha === undefined) throw new Error("The remote has no main");
  const { signal } = new AbortController();
  const ofRun = runId({ repositoryId: 7, issue: 12, n });
  return await world.workspaces.run(world.repo, { runId: ofRun, sha, commands: COMMANDS, signal });
}

/** What an agent's jail compiles in a prepared clone without any way to a registry, and what it may write to. */
async function inClone(world: World): Promise<{ built: string[]; taken: string[] }> {
  const sha = await world.workspaces.fetchBranch(world.repo, "main");
  if (sha === undefined) throw new Error("The remote has no main");
  const ofRun = runId({ repositoryId: 7, issue: 12, n: 4 });
  const prepare = { runId: ofRun, commands: COMMANDS, signal: new AbortController().signal };
  const request = { dispatchId: dispatchId(ofRun, "api", 1), sha, writable: true, prepare };
  const clone = await world.workspaces.openClone(world.repo, request);
  if (clone.world === undefined) throw new Error("The clone was not prepared");
  const { env, readable, before } = clone.world;
  const [near = ""] = (env["GOPROXY"] ?? "").split(",");
  const downloaded = near.slice("file://".length, -"/cache/download".length);
  const script = `exec 2>&1; go build -v ./... ; echo ===; touch /tmp/go-modules/own && echo module of its own
    touch ${downloaded}/x 2> /dev/null || echo "the run's modules cannot be changed"`;
  const process = await world.jail.spawn({
    argv: [...before, "sh", "-c", script],
    cwd: clone.dir,
    env: { HOME: clone.stateDir, ...env, GOPROXY: near },
    writable: [clone.dir, clone.stateDir],
    readable: [...(clone.borrows ?? []), ...readable],
    wallMs: 200_000,
  });
  process.stdin.end();
  process.stderr.resume();
  const [built = "", taken = ""] = (await text(process.stdout)).trim().split("\n===\n");
  return { built: built.split("\n"), taken: taken.split("\n") };
}

function builtIn([, build]: readonly Evidence[]): string[] {
  expect(build?.exitCode, build?.outputTail).toBe(0);
  return build?.outputTail.split("\n") ?? [];
}

describe.skipIf(!hasBubblewrap() || !hasGo())(
  "what is compiled of Go beforehand (needs bubblewrap and go)",
  () => {
    test("a repository's dependencies are compiled once, for every run, and never run; a forged one is not", async () => {
      const proxy = makeProxy();
      const sum = sumOf(proxy);
      const forged = service(sum.replace(/ h1:..../, " h1:AAAA"));
      const world = await makeWorld(forged, { openEgress: await openEgress(proxy) });
      const [setup, ...more] = await verifyAs(world, 1);
      expect([setup?.exitCode, more]).toEqual([1, []]);
      expect(setup?.outputTail).toContain("checksum mismatch");
      expect(seedsIn(world)).toHaveLength(1);

      commitTo(bareOf(world), "main", service(sum));
      expect(builtIn(await verifyAs(world, 2))).toEqual([
        "example.org/service/inner",
        "example.org/service",
      ]);
      const [standard, modules, ...others] = seedsIn(world);
      expect([modules?.startsWith(`${standard}-`), others]).toEqual([true, []]);
      expect(builtIn(await verifyAs(world, 3))).not.toContain(DEPENDENCY);
      expect(seedsIn(world)).toEqual([standard, modules]);

      const { built, taken } = await inClone(world);
      // What is downloaded comes from the run's own cache: this jail has no way out.
      expect(built).toEqual([
        `go: downloading ${DEPENDENCY} ${VERSION}`,
        "example.org/service/inner",
        "example.org/service",
      ]);
      expect(taken).toEqual(["module of its own", "the run's modules cannot be changed"]);
    }, 400_000);
  },
);
