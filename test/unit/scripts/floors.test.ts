import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../../..");
let dir: string;

/** A tree of its own with this project's configuration, so that a planted violation harms nobody. */
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "floors-"));
  await symlink(join(ROOT, "node_modules"), join(dir, "node_modules"));
  await symlink(join(ROOT, ".oxlintrc.json"), join(dir, ".oxlintrc.json"));
});

afterAll(() => rm(dir, { recursive: true, force: true }));

async function complaints(path: string, source: string): Promise<string> {
  await mkdir(dirname(join(dir, path)), { recursive: true });
  await writeFile(join(dir, path), source);
  const oxlint = join(ROOT, "node_modules/.bin/oxlint");
  const { stdout } = await promisify(execFile)(oxlint, [path], { cwd: dir }).catch(
    (failed: { stdout: string }) => failed,
  );
  return stdout;
}

describe("the floors of docs/design.md are enforced", () => {
  test.each([
    ["src/domain/a.ts", "../ports/engine.ts", "Ground is pure"],
    ["src/domain/b.ts", "node:fs", "Ground is pure"],
    ["src/reports/a.ts", "../github/client.ts", "Ground is pure"],
    ["src/workflow/a.ts", "node:crypto", "by ports only"],
    ["src/workflow/b.ts", "../github/client.ts", "meets other wings only on the roof"],
    ["src/github/a.ts", "../workspaces/git.ts", "meets other wings only on the roof"],
    ["src/agents/a.ts", "../app.ts", "meets other wings only on the roof"],
    ["src/engine/postgres/a.ts", "../../webhooks/open.ts", "meets other wings only on the roof"],
    ["src/playground/github/a.ts", "../../github/client.ts", "stands apart"],
    ["src/native-agent/a.ts", "../domain/ids.ts", "imports nothing of the app"],
    ["src/ports/a.ts", "../github/client.ts", "Ports are types over ground only"],
  ])("%s may not import %s", async (file, imported, message) => {
    expect(await complaints(file, `import { x } from "${imported}";\nx();\n`)).toContain(message);
  });

  test.each([
    ["src/webhooks/ok.ts", "../commands/handle.ts"],
    ["src/github/ok.ts", "../domain/ids.ts"],
    ["src/workflow/ok.ts", "../ports/engine.ts"],
    ["src/cli/ok.ts", "../app.ts"],
    ["src/playground/pages/ok.ts", "../github/hub.ts"],
  ])("%s may import %s", async (file, imported) => {
    expect(await complaints(file, `import { x } from "${imported}";\nx();\n`)).not.toContain(
      "no-restricted-imports",
    );
  });
});
