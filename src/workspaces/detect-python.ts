import type { RepoCommand } from "../domain/gate/evidence.ts";
import { detected, outermost, type RepoTree } from "./repo-tree.ts";

const MARKERS = [
  "pyproject.toml",
  "setup.py",
  "setup.cfg",
  "requirements.txt",
  "pytest.ini",
  "tox.ini",
];
const TEST_FILE = /(^|\/)(test_[^/]+|[^/]+_test)\.py$/;

/** Each outermost Python project, with the tool whose lock file it carries, else a virtual environment of its own. */
export async function detectPython(tree: RepoTree): Promise<RepoCommand[]> {
  const dirs = [...new Set(MARKERS.flatMap((marker) => tree.foldersWith(marker)))];
  const commands: RepoCommand[] = [];
  for (const dir of outermost(dirs)) commands.push(...(await detectProject(tree, dir)));
  return commands;
}

async function detectProject(tree: RepoTree, dir: string): Promise<RepoCommand[]> {
  const pyproject = (await tree.read(dir, "pyproject.toml")) ?? "";
  const requirements = await requirementFiles(tree, dir);
  const { setup, python } = environmentOf(tree, dir, { pyproject, requirements });
  const commands = setup.map((command) => detected("setup", command, dir));
  const test = await testCommand(
    tree,
    dir,
    pyproject + requirements.map(({ text }) => text).join(""),
  );
  if (test !== undefined) commands.push(detected("test", `${python} ${test}`, dir));
  return commands;
}

interface Requirements {
  readonly name: string;
  readonly text: string;
}

async function requirementFiles(tree: RepoTree, dir: string): Promise<Requirements[]> {
  const names = [
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-test.txt",
    "dev-requirements.txt",
  ];
  const files: Requirements[] = [];
  for (const name of names) {
    const text = await tree.read(dir, name);
    if (text !== undefined && /^\s*[^#\s]/m.test(text)) files.push({ name, text });
  }
  return files;
}

function environmentOf(
  tree: RepoTree,
  dir: string,
  found: { pyproject: string; requirements: readonly Requirements[] },
): { setup: string[]; python: string } {
  if (tree.has(dir, "uv.lock")) return { setup: ["uv sync --frozen"], python: "uv run python" };
  if (tree.has(dir, "poetry.lock")) {
    return { setup: ["poetry install --no-interaction"], python: "poetry run python" };
  }
  const wanted = found.requirements.map(({ name }) => `-r ${name}`);
  if (/^dependencies\s*=\s*\[\s*[^\]\s]/m.test(found.pyproject)) wanted.push("-e .");
  if (wanted.length === 0) return { setup: [], python: "python3" };
  const setup = ["python3 -m venv .venv", `.venv/bin/pip install ${wanted.join(" ")}`];
  if (
    /pytest/.test(found.pyproject) &&
    !found.requirements.some(({ text }) => /pytest/.test(text))
  ) {
    setup.push(".venv/bin/pip install pytest");
  }
  return { setup, python: ".venv/bin/python" };
}

async function testCommand(
  tree: RepoTree,
  dir: string,
  named: string,
): Promise<string | undefined> {
  const files = tree.below(dir);
  const usesPytest =
    /pytest/.test(named) ||
    tree.has(dir, "pytest.ini") ||
    files.some((path) => path.endsWith("conftest.py"));
  if (usesPytest) return "-m pytest";
  if (!files.some((path) => TEST_FILE.test(path))) return undefined;
  const folder = ["tests", "test"].find(
    (name) => !tree.has(dir, `${name}/__init__.py`) && tree.below(join(dir, name)).length > 0,
  );
  return folder === undefined ? "-m unittest discover" : `-m unittest discover -s ${folder}`;
}

function join(dir: string, name: string): string {
  return dir === "." ? name : `${dir}/${name}`;
}
