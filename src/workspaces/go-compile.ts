import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Jail } from "../ports/jail.ts";
import type { GoModules } from "./go-needs.ts";
import { giveTo, ownDirectory, removeTree } from "./own-directory.ts";

/** A way to the module proxy, as verification has it. */
export interface ModuleEgress {
  readonly socket: string;
  readonly readable: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  wrap(argv: readonly string[]): readonly string[];
}

/**
 * Where modules lie in every jail that compiles Go. Go's build cache knows a module's package by its folder, so what
 * was compiled once is found again only when that folder never changes.
 */
export const GO_MODULES = "/tmp/go-modules";

const TEST = 'package seed\n\nimport "testing"\n\nfunc TestNothing(t *testing.T) {}\n';
const BUILD_WALL_MS = 15 * 60_000;

interface Compiling {
  readonly jail: Jail;
  readonly dataDir: string;
  /** The build cache to fill. */
  readonly cache: string;
  readonly signal: AbortSignal | undefined;
}

/** Builds, checks and links a program of ours that imports `packages`; only then is everything of them in the cache. */
export async function compileStandard(
  place: Compiling,
  packages: readonly string[],
): Promise<boolean> {
  const imports = packages.map((path) => `import _ ${JSON.stringify(path)}\n`).join("");
  const files = {
    "go.mod": "module seed\n\ngo 1.21\n",
    "seed.go": `package seed\n\n${imports}`,
    "seed_test.go": TEST,
  };
  return await compile(place, files, {
    argv: ["sh", "-c", "go build ./... && go vet ./... && go test ./..."],
    env: {},
  });
}

/**
 * The same for packages of other modules: downloaded anew, checked against `go.sum` and compiled, but never run. An
 * import that cannot be resolved is left out.
 */
export async function compileModules(
  place: Compiling,
  modules: GoModules,
  egress: ModuleEgress,
): Promise<boolean> {
  const files = { "go.mod": modules.goMod, "go.sum": modules.goSum, "seed_test.go": TEST };
  return await compile(place, files, {
    argv: egress.wrap(["sh", "-c", MODULES_SCRIPT, "sh", ...modules.imports]),
    env: { ...egress.env, GOMODCACHE: GO_MODULES, GOFLAGS: "-modcacherw" },
    egress,
  });
}

const MODULES_SCRIPT = `
go mod download || exit
go list -e -f '{{if and (not .Error) (ne .Name "main")}}{{.ImportPath}}{{end}}' "$@" > /tmp/known || exit
{ echo 'package seed'; sed 's/.*/import _ "&"/' /tmp/known; } > seed.go
go build . && go vet . && go test -c -o /tmp/seed.test .
`;

async function compile(
  { jail, dataDir, cache, signal }: Compiling,
  files: Readonly<Record<string, string>>,
  command: {
    argv: readonly string[];
    env: Readonly<Record<string, string>>;
    egress?: ModuleEgress;
  },
): Promise<boolean> {
  const room = await ownDirectory(dataDir, "seeds", "making");
  const { argv, env, egress } = command;
  try {
    const source = join(room, "source");
    await mkdir(source);
    for (const [name, text] of Object.entries(files)) await writeFile(join(source, name), text);
    await giveTo(source, jail.owner);
    const spec = {
      argv,
      cwd: source,
      writable: [source, cache],
      readable: egress?.readable ?? [],
      env: { GOCACHE: cache, GOTOOLCHAIN: "local", ...env },
      ...(egress === undefined ? {} : { socket: egress.socket }),
    };
    const output = await outputOf(jail, spec, signal);
    return output !== undefined;
  } finally {
    await removeTree(room);
  }
}

/** Standard output of a command in the jail; undefined when it did not end with 0. Rejects when it was aborted. */
export async function outputOf(
  jail: Jail,
  command: Omit<Parameters<Jail["spawn"]>[0], "wallMs">,
  signal?: AbortSignal,
): Promise<string | undefined> {
  signal?.throwIfAborted();
  const process = await jail.spawn({ ...command, wallMs: BUILD_WALL_MS });
  function abort(): void {
    void process.kill();
  }
  signal?.addEventListener("abort", abort, { once: true });
  // It may have come while the jail was being made.
  if (signal?.aborted) abort();
  try {
    process.stdin.end();
    process.stderr.resume();
    let output = "";
    for await (const chunk of process.stdout) output = (output + String(chunk)).slice(-100_000);
    const { code } = await process.exited;
    signal?.throwIfAborted();
    return code === 0 ? output : undefined;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}
