import { execFile, execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { judgeGit } from "../../../src/doctor/environment.ts";
import { examineTree, type TreeReport } from "../../../src/doctor/examine.ts";
import { judgeApp } from "../../../src/doctor/github-app.ts";
import { treeText } from "../../../src/doctor/print.ts";
import { MANIFEST } from "../../../src/manifest.ts";
import { PACKAGE_DIR } from "./world.ts";

const run = promisify(execFile);
let root: string;

async function put(path: string, text: string): Promise<void> {
  await mkdir(join(root, dirname(path)), { recursive: true });
  await writeFile(join(root, path), text);
}

function skill(name: string, body = "Body.", more = ""): string {
  return `---\nname: ${name}\ndescription: Use for ${name}\n${more}---\n${body}\n`;
}

async function doctor(
  ...args: readonly string[]
): Promise<{ code: number; out: string; err: string }> {
  const cli = join(PACKAGE_DIR, "src", "cli", "doctor.ts");
  try {
    const { stdout, stderr } = await run(process.execPath, [cli, ...args], { maxBuffer: 1e8 });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "doctor-"));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

describe("B8: a tree with one of each fault", () => {
  let report: TreeReport;
  beforeAll(async () => {
    await put(
      "bad/agents/lead.md",
      '---\nname: lead\ndescription: Leads\ntools: Read, Task(nobody-here)\nskills: sewing, no-such-skill\n---\n\n| Agent | Use |\n| --- | --- |\n| `lead` | x |\n| `ghost-writer` | y |\n\n`skill: "absent-skill"`\n',
    );
    await put("bad/agents/twin.md", "---\nname: lead\ndescription: The same name\n---\n");
    await put("bad/agents/readme.md", "# Only words\n");
    await put(
      "bad/skills/sewing/SKILL.md",
      skill(
        "sewing",
        "See [the guide](references/guide.md), [gone](references/gone.md) and `[code](x.md)`.\n\n```\n[fenced](y.md)\n```\n[up](../../../secret) [web](https://example.org) [here](#a)",
      ),
    );
    await put("bad/skills/sewing/references/guide.md", "Guide.");
    await put(
      "bad/skills/gateway-craft/SKILL.md",
      skill(
        "gateway-craft",
        "| Skill | Path | Triggers | Mandatory for |\n| --- | --- | --- | --- |\n| knitting | library/craft/knitting/SKILL.md | wool | lead |\n| weaving | library/craft/weaving/SKILL.md | loom | some-role |",
      ),
    );
    await put("bad/skills/library/craft/knitting/SKILL.md", skill("knitting"));
    await put("bad/skills/wrong-folder/SKILL.md", skill("Right_Name", "Body.", "version: 2\n"));
    await put("bad/skills/hidden/SKILL.md", skill("hidden", "te\u200Bxt"));
    report = await examineTree({
      agentsDir: join(root, "bad/agents"),
      skillsDir: join(root, "bad/skills"),
      own: false,
    });
  });

  test.each([
    ["lead.md:4", "dangling", "agent nobody-here does not exist"],
    ["lead.md:5", "dangling", "skill no-such-skill does not exist"],
    ["lead.md:11", "dangling", "agent ghost-writer does not exist"],
    ["lead.md:13", "dangling", "skill absent-skill does not exist"],
    ["twin.md:1", "duplicate-name", "the agent lead stands in lead.md already; that one is used"],
    [
      "gateway-craft/SKILL.md:8",
      "dangling",
      "gateway path library/craft/weaving/SKILL.md does not exist",
    ],
    ["gateway-craft/SKILL.md:8", "dangling", "agent some-role does not exist"],
    ["sewing/SKILL.md:5", "dangling", "the link references/gone.md leads to no file"],
  ])("error %s [%s] %s", (at, rule, message) => {
    const [file, line] = at.split(":");
    expect(report.diagnostics).toContainEqual({
      severity: "error",
      file,
      line: Number(line),
      rule,
      message,
    });
  });

  test("there are no other errors, and the warnings have their places", () => {
    expect(report.ok).toBe(false);
    expect(report.diagnostics.filter((d) => d.severity === "error")).toHaveLength(8);
    const warnings = report.diagnostics.filter((d) => d.severity === "warning");
    expect(warnings.map(({ file, line, rule }) => `${file}:${line} ${rule}`)).toEqual([
      "hidden/SKILL.md:5 invisible-character",
      "readme.md:1 no-front-matter",
      "sewing/SKILL.md:10 link-outside",
      "wrong-folder/SKILL.md:1 specification",
      "wrong-folder/SKILL.md:1 specification",
      "wrong-folder/SKILL.md:1 specification",
    ]);
    expect(treeText(report)).toContain(
      "error lead.md:11 [dangling] agent ghost-writer does not exist",
    );
  });

  test("in our own tree a hidden character is an error", async () => {
    const own = await examineTree({ skillsDir: join(root, "bad/skills"), own: true });
    expect(own.diagnostics).toContainEqual(
      expect.objectContaining({
        file: "hidden/SKILL.md",
        severity: "error",
        rule: "invisible-character",
      }),
    );
  });

  test("by the command: JSON per kind, exit 1", async () => {
    const { code, out } = await doctor(
      "--agents",
      join(root, "bad/agents"),
      "--skills",
      join(root, "bad/skills"),
      "--json",
    );
    expect(code).toBe(1);
    const said = JSON.parse(out) as TreeReport;
    expect(said.agents).toMatchObject({
      files: 3,
      loaded: 2,
      loadedLeniently: 0,
      withoutFrontMatter: 1,
      skipped: [],
      entries: [
        { path: "lead.md", name: "lead", descriptionLength: 5, lenient: false },
        { path: "twin.md", name: "lead", descriptionLength: 13, lenient: false },
      ],
    });
    expect(said.skills).toMatchObject({ files: 5, loaded: 5 });
  });
});

describe("D-06, D-04: things that are no files", () => {
  beforeAll(async () => {
    await put("odd/good.md", "---\nname: good\ndescription: A regular file\n---\n");
    await put("odd/node_modules/x/hidden.md", "---\nname: x\ndescription: y\n---\n");
    await put("odd/.git/hidden.md", "---\nname: x\ndescription: y\n---\n");
    await put("odd/huge.md", "");
    await truncate(join(root, "odd/huge.md"), 2 ** 30);
    await put("outside/secret.md", "---\nname: secret\ndescription: Not to be read\n---\n");
    await symlink(join(root, "outside/secret.md"), join(root, "odd/link.md"));
    await symlink(join(root, "outside"), join(root, "odd/linked-folder.md"));
    await symlink("/dev/zero", join(root, "odd/zero.md"));
    execFileSync("mkfifo", [join(root, "odd/pipe.md")]);
    await mkdir(join(root, "odd/folder.md"));
  });

  test("are skipped with a reason, without waiting and without following", async () => {
    const { agents, ok } = await examineTree({ agentsDir: join(root, "odd"), own: false });
    expect(agents?.entries.map((entry) => entry.name)).toEqual(["good"]);
    expect(agents?.skipped).toEqual([
      { path: "huge.md", reason: "1073741824 bytes; 4194304 are allowed" },
      { path: "link.md", reason: "not a regular file (symbolic link)" },
      { path: "linked-folder.md", reason: "not a regular file (symbolic link)" },
      { path: "pipe.md", reason: "not a regular file (FIFO)" },
      { path: "zero.md", reason: "not a regular file (symbolic link)" },
    ]);
    expect(ok).toBe(true);
  });
});

test("our own tree has no error and no warning", async () => {
  const report = await examineTree({
    agentsDir: join(PACKAGE_DIR, "agents"),
    skillsDir: join(PACKAGE_DIR, "skills"),
    own: true,
  });
  expect(report.diagnostics).toEqual([]);
  expect(report.ok).toBe(true);
});

test("a folder that is not there is said in one sentence, exit 1", async () => {
  const { code, err } = await doctor("--agents", join(root, "nowhere"));
  expect(code).toBe(1);
  expect(err).toBe(`doctor: There is no folder ${join(root, "nowhere")}.\n`);
});

describe("the environment's judgements", () => {
  test.each([
    ["git version 2.38.0", "ok"],
    ["git version 2.39.5 (Apple Git-154)", "ok"],
    ["git version 3.0.1", "ok"],
    ["git version 2.37.9", "error"],
    ["", "error"],
  ])("%j is %s", (said, state) => {
    expect(judgeGit(said).state).toBe(state);
  });

  test("an app that lacks a permission or an event is an error, one with more is a warning", () => {
    const app = {
      slug: "bot",
      permissions: { ...MANIFEST.permissions },
      events: [...MANIFEST.events],
    };
    expect(judgeApp(app).state).toBe("ok");
    const weak = { ...app, permissions: { ...app.permissions, contents: "read" }, events: [] };
    expect(judgeApp(weak)).toMatchObject({
      state: "error",
      detail: expect.stringMatching(/permission contents: write.*event issue_comment/) as string,
    });
    const wide = { ...app, permissions: { ...app.permissions, administration: "write" } };
    expect(judgeApp(wide)).toMatchObject({
      state: "warning",
      detail: expect.stringContaining("administration: write") as string,
    });
  });
});

const given = {
  agents: process.env["DEFINITIONS_AGENTS"],
  skills: process.env["DEFINITIONS_SKILLS"],
};

test.runIf(given.agents ?? given.skills)(
  "B3: every file with front matter in the named folders loads",
  async () => {
    const report = await examineTree({
      ...(given.agents === undefined ? {} : { agentsDir: given.agents }),
      ...(given.skills === undefined ? {} : { skillsDir: given.skills }),
      own: false,
    });
    for (const kind of [report.agents, report.skills]) {
      if (!kind) continue;
      expect(kind.loaded + kind.withoutFrontMatter + kind.skipped.length).toBe(kind.files);
      for (const { reason } of kind.skipped) expect(reason).not.toMatch(/no field that is known/);
    }
  },
);
