import { describe, expect, test } from "vitest";
import { detectCommands } from "../../../src/workspaces/detect-commands.ts";

async function detect(files: Readonly<Record<string, string>>): Promise<string[]> {
  const commands = await detectCommands(Object.keys(files), async (path) => files[path]);
  expect(commands.every(({ source }) => source === "detected")).toBe(true);
  return commands.map(
    ({ kind, command, cwd }) => `${kind}: ${command}${cwd === "." ? "" : ` in ${cwd}`}`,
  );
}

function manifest(content: object): string {
  return JSON.stringify(content);
}

describe("detected commands", () => {
  test("a Go module without dependencies needs no setup", async () => {
    expect(await detect({ "go.mod": "module a\n\ngo 1.22\n", "a.go": "" })).toEqual([
      "build: go build ./...",
      "lint: go vet ./...",
      "test: go test -v ./...",
    ]);
  });

  test("Go modules of a monorepo are served one by one, vendored ones without a download", async () => {
    const files = {
      "go.work": "use (\n ./api\n ./worker\n)",
      "api/go.mod": "module api\n\nrequire example.com/x v1.0.0\n",
      "worker/go.mod": "module worker\n\nrequire example.com/x v1.0.0\n",
      "worker/vendor/modules.txt": "",
      "worker/vendor/example.com/x/go.mod": "module x",
      "examples/demo/go.mod": "module demo",
      "testdata/go.mod": "module broken",
    };
    expect(await detect(files)).toEqual([
      "setup: go mod download in api",
      "build: go build ./... in api",
      "build: go build ./... in worker",
      "lint: go vet ./... in api",
      "lint: go vet ./... in worker",
      "test: go test -v ./... in api",
      "test: go test -v ./... in worker",
    ]);
  });

  test.each([
    ["package-lock.json", "npm ci", "npm run"],
    ["pnpm-lock.yaml", "pnpm install --frozen-lockfile", "pnpm run"],
    ["yarn.lock", "yarn install --frozen-lockfile", "yarn run"],
    ["bun.lock", "bun install --frozen-lockfile", "bun run"],
  ])("Node with %s", async (lock, install, run) => {
    const files = {
      "package.json": manifest({
        scripts: { build: "tsc", test: "jest", lint: "eslint ." },
        devDependencies: { jest: "1" },
      }),
      [lock]: "",
    };
    expect(await detect(files)).toEqual([
      `setup: ${install}`,
      `build: ${run} build`,
      `lint: ${run} lint`,
      `test: ${run === "npm run" ? "npm" : run} test`,
    ]);
  });

  test("modern Yarn has its own word for a frozen lock file", async () => {
    const files = {
      "package.json": manifest({ scripts: { test: "x" }, dependencies: { a: "1" } }),
      "yarn.lock": "",
      ".yarnrc.yml": "",
    };
    expect((await detect(files))[0]).toBe("setup: yarn install --immutable");
  });

  test("Node without dependencies and without scripts runs its own test runner", async () => {
    const placeholder = { scripts: { test: 'echo "Error: no test specified" && exit 1' } };
    expect(await detect({ "package.json": manifest(placeholder), "test/a.test.js": "" })).toEqual([
      "test: node --test",
    ]);
    expect(await detect({ "package.json": manifest({}), "index.js": "" })).toEqual([]);
  });

  test("a workspace's root speaks for its packages; without a root each speaks for itself", async () => {
    const root = {
      "package.json": manifest({ workspaces: ["packages/*"], scripts: { test: "turbo test" } }),
      "package-lock.json": "",
    };
    const packages = {
      "packages/a/package.json": manifest({ scripts: { test: "node --test" } }),
      "packages/b/package.json": manifest({ scripts: { test: "node --test" } }),
    };
    expect(await detect({ ...root, ...packages })).toEqual(["setup: npm ci", "test: npm test"]);
    expect(await detect(packages)).toEqual([
      "test: npm test in packages/a",
      "test: npm test in packages/b",
    ]);
    const tools = { "package.json": manifest({ scripts: { format: "x" } }) };
    expect(await detect({ ...tools, ...packages })).toEqual([
      "test: npm test in packages/a",
      "test: npm test in packages/b",
    ]);
  });

  test("a package.json that is no JSON, or a strange one, is no reason to fall over", async () => {
    expect(await detect({ "package.json": "{", "a.test.js": "" })).toEqual(["test: node --test"]);
    expect(await detect({ "package.json": '{"scripts": [1, 2]}' })).toEqual([]);
  });

  test.each<[string, Record<string, string>, string[]]>([
    [
      "requirements and pytest",
      { "requirements.txt": "flask\npytest\n", "tests/test_a.py": "" },
      [
        "setup: python3 -m venv .venv",
        "setup: .venv/bin/pip install -r requirements.txt",
        "test: .venv/bin/python -m pytest",
      ],
    ],
    [
      "pyproject with dependencies",
      {
        "pyproject.toml":
          '[project]\nname = "a"\ndependencies = ["flask"]\n[tool.pytest.ini_options]\n',
        "tests/test_a.py": "",
      },
      [
        "setup: python3 -m venv .venv",
        "setup: .venv/bin/pip install -e .",
        "setup: .venv/bin/pip install pytest",
        "test: .venv/bin/python -m pytest",
      ],
    ],
    [
      "no dependencies, unittest",
      { "pyproject.toml": "[project]\n", "tests/test_a.py": "" },
      ["test: python3 -m unittest discover -s tests"],
    ],
    [
      "a test package",
      { "setup.py": "", "tests/__init__.py": "", "tests/test_a.py": "" },
      ["test: python3 -m unittest discover"],
    ],
    [
      "uv",
      { "pyproject.toml": "pytest", "uv.lock": "", "test_a.py": "" },
      ["setup: uv sync --frozen", "test: uv run python -m pytest"],
    ],
    [
      "poetry",
      { "pyproject.toml": "pytest", "poetry.lock": "" },
      ["setup: poetry install --no-interaction", "test: poetry run python -m pytest"],
    ],
  ])("Python with %s", async (_name, files, expected) => {
    expect(await detect(files)).toEqual(expected);
  });

  test("Rust fetches only when there are crates to fetch", async () => {
    const run = ["build: cargo build --workspace --all-targets", "test: cargo test --workspace"];
    expect(await detect({ "Cargo.toml": "[package]\n", "Cargo.lock": "" })).toEqual(run);
    const locked = { "Cargo.toml": "", "Cargo.lock": 'source = "registry+x"' };
    expect(await detect(locked)).toEqual(["setup: cargo fetch", ...run]);
    const unlocked = { "Cargo.toml": '[dependencies]\nserde = "1"\n' };
    expect(await detect(unlocked)).toEqual(["setup: cargo fetch", ...run]);
  });

  test("Maven, Gradle and its wrapper", async () => {
    expect(await detect({ "pom.xml": "", "core/pom.xml": "" })).toEqual([
      "build: mvn -B -ntp test-compile",
      "test: mvn -B -ntp test",
    ]);
    expect(
      await detect({ "settings.gradle.kts": "", "app/build.gradle.kts": "", gradlew: "" }),
    ).toEqual(["build: ./gradlew --no-daemon testClasses", "test: ./gradlew --no-daemon test"]);
  });

  test("Make is asked when nothing else is recognised", async () => {
    const makefile = "CC := gcc\ntest := no\nbuild: main.c\n\tcc\ntest: build\n\t./t\n";
    expect(await detect({ Makefile: makefile })).toEqual(["build: make build", "test: make test"]);
    expect(await detect({ Makefile: makefile, "go.mod": "module a" })).not.toContain(
      "build: make build",
    );
  });

  test("a monorepo of two languages gets the commands of both", async () => {
    const files = {
      "api/go.mod": "module api",
      "web/package.json": manifest({ scripts: { test: "node --test" } }),
    };
    expect(await detect(files)).toEqual([
      "build: go build ./... in api",
      "lint: go vet ./... in api",
      "test: go test -v ./... in api",
      "test: npm test in web",
    ]);
  });

  test("nothing recognised is nothing made up", async () => {
    expect(await detect({ "README.md": "x" })).toEqual([]);
  });
});
