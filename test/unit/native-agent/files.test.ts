import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ToolSet } from "ai";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TOOL_NAMES, type ToolName } from "../../../src/native-agent/config.ts";
import { inside } from "../../../src/native-agent/tools/paths.ts";
import { toolSet } from "../../../src/native-agent/tools/tool-set.ts";

let top: string;
let root: string;
let tools: ToolSet;

beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), "native-"));
  root = join(top, "work");
  await mkdir(join(root, "src"), { recursive: true });
  await mkdir(join(root, ".git"));
  await mkdir(join(top, "work-evil"));
  await writeFile(join(top, "secret.txt"), "secret");
  await writeFile(join(root, "src/a.js"), "const a = 1;\nconst b = 2;\nconst c = 1;\n");
  tools = toolSet(root, TOOL_NAMES, () => undefined);
});

afterEach(() => rm(top, { recursive: true, force: true }));

/** Calls a tool as the model would: its input goes through the tool's own schema. */
async function use(name: ToolName, input: Record<string, unknown>): Promise<string> {
  const tool = tools[name];
  if (!tool?.execute) throw new Error(`no tool ${name}`);
  const schema = tool.inputSchema as unknown as { parse(value: unknown): unknown };
  const options = { toolCallId: "1", messages: [], context: undefined };
  return String(await tool.execute(schema.parse(input), options as never));
}

test("G-09: nothing outside the working directory is reached, by no kind of path", async () => {
  await symlink(join(top, "secret.txt"), join(root, "link-to-file"));
  await symlink(top, join(root, "link-to-dir"));
  await symlink(join(top, "not-yet"), join(root, "dangling"));
  await symlink("/proc/self/environ", join(root, "environ"));
  for (const path of [
    "../secret.txt",
    "src/../../secret.txt",
    join(top, "secret.txt"),
    "/etc/passwd",
    "../work-evil/x",
    "link-to-file",
    "link-to-dir/secret.txt",
    "link-to-dir/new.txt",
    "dangling",
    "environ",
    ".git/config",
    ".git/hooks/pre-commit",
  ]) {
    await expect(inside(root, path), path).rejects.toThrow(/^Refused:/);
    await expect(use("read", { path }), path).rejects.toThrow(/^Refused:/);
    await expect(use("write", { path, content: "x" }), path).rejects.toThrow(/^Refused:/);
    await expect(use("edit", { path, old_text: "secret", new_text: "x" }), path).rejects.toThrow(
      /^Refused:/,
    );
    await expect(use("grep", { pattern: ".", path }), path).rejects.toThrow(/^Refused:/);
  }
  expect(await readFile(join(top, "secret.txt"), "utf8")).toBe("secret");
});

test("paths inside are reached, also by links that stay inside and for files to come", async () => {
  await symlink("src", join(root, "source"));
  expect(await inside(root, "source/a.js")).toBe(join(root, "src/a.js"));
  expect(await inside(root, "new/deep/file.js")).toBe(join(root, "new/deep/file.js"));
  expect(await inside(root, join(root, "src"))).toBe(join(root, "src"));
  expect(await inside(root, "..data/file")).toBe(join(root, "..data/file"));
});

test("read numbers lines, gives a part, lists a directory and says what it cannot show", async () => {
  await writeFile(join(root, "binary"), Buffer.from([1, 0, 2]));
  await writeFile(join(root, "empty"), "");
  expect(await use("read", { path: "src/a.js" })).toBe(
    "1\tconst a = 1;\n2\tconst b = 2;\n3\tconst c = 1;",
  );
  expect(await use("read", { path: "src/a.js", offset: 2, limit: 1 })).toBe(
    "2\tconst b = 2;\n[... 1 more lines; continue with offset 3]",
  );
  expect(await use("read", { path: "src/a.js", offset: 9 })).toBe("(the file has 3 lines)");
  expect(await use("read", { path: "empty" })).toBe("(empty file)");
  expect(await use("read", { path: "." })).toBe("binary\nempty\nsrc/");
  await expect(use("read", { path: "binary" })).rejects.toThrow("binary is a binary file");
  await expect(use("read", { path: "nothing" })).rejects.toThrow("ENOENT");
});

test("edit changes exactly one place unless told otherwise", async () => {
  const path = "src/a.js";
  await expect(use("edit", { path, old_text: "= 1", new_text: "= 9" })).rejects.toThrow(
    "occurs 2 times",
  );
  await expect(use("edit", { path, old_text: "= 7", new_text: "" })).rejects.toThrow(
    "does not occur",
  );
  await use("edit", { path, old_text: "b = 2", new_text: "b = $&$1" });
  expect(await readFile(join(root, path), "utf8")).toContain("const b = $&$1;");
  await use("edit", { path, old_text: "= 1", new_text: "= 9", replace_all: true });
  expect(await readFile(join(root, path), "utf8")).not.toContain("= 1");
});

test("write makes the directories it needs", async () => {
  const said = await use("write", { path: "test/unit/a.test.js", content: "one\ntwo\n" });
  expect(said).toBe("Wrote test/unit/a.test.js (2 lines).");
  expect(await readFile(join(root, "test/unit/a.test.js"), "utf8")).toBe("one\ntwo\n");
});

test("glob lists files, leaves dependencies out and stays inside", async () => {
  await mkdir(join(root, "node_modules/x"), { recursive: true });
  await writeFile(join(root, "node_modules/x/index.js"), "");
  await writeFile(join(root, "src/b.ts"), "");
  expect(await use("glob", { pattern: "**/*.{js,ts}" })).toBe("src/a.js\nsrc/b.ts");
  expect(await use("glob", { pattern: "*.go" })).toBe("(no files)");
  for (const pattern of ["../*", "/etc/*", "src/../../*"]) {
    await expect(use("glob", { pattern })).rejects.toThrow(/^Refused:/);
  }
});

test("grep finds by expression, narrows by name and case, and names a wrong expression", async () => {
  await writeFile(join(root, "src/b.go"), "var A = 1\n");
  expect(await use("grep", { pattern: "a\\s=\\s\\d" })).toBe("src/a.js:1:const a = 1;");
  expect(await use("grep", { pattern: "A =", ignore_case: true, glob: "*.go" })).toBe(
    "src/b.go:1:var A = 1",
  );
  expect(await use("grep", { pattern: "nowhere" })).toBe("(no matches)");
  expect(await use("grep", { pattern: "-a", path: "src" })).toBe("(no matches)");
  await expect(use("grep", { pattern: "(" })).rejects.toThrow(/parenthes/);
});

test("grep does not follow links out of the directory", async () => {
  await symlink(top, join(root, "up"));
  expect(await use("grep", { pattern: "secret" })).toBe("(no matches)");
});
