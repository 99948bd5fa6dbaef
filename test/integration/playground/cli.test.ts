import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gitClient } from "./git-client.ts";
import { octokit } from "./stage.ts";

interface Shown {
  url: string;
  api: string;
  repository: string;
  users: { login: string; token: string }[];
  app: { id: number; privateKeyFile: string };
  data: string;
}

let dir: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "local-github-cli-"));
});
afterAll(async () => {
  for (const child of running) child.kill("SIGKILL");
  await rm(dir, { recursive: true, force: true });
});

function start(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, ["src/cli/local-github.ts", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  return child;
}

async function shownBy(child: ChildProcess): Promise<Shown> {
  if (child.stdout === null) throw new Error("The program has no output.");
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return JSON.parse(line) as Shown;
}

async function endOf(child: ChildProcess): Promise<number | null> {
  const ended = once(child, "exit") as Promise<[number | null]>;
  child.kill("SIGINT");
  return (await ended)[0];
}

test("alone it serves a repository to git and REST, and Ctrl-C leaves nothing behind", async () => {
  const child = start("--port", "0", "--json");
  const shown = await shownBy(child);
  const alice = shown.users.find((u) => u.login === "alice")?.token ?? "";
  const git = await gitClient(dir);
  const address = shown.repository.replace("http://", `http://x:${alice}@`);
  expect(await git(dir, "clone", "-q", `${address}.git`, join(dir, "sample"))).toMatchObject({
    code: 0,
  });
  const repo = await octokit(shown.api, alice).rest.repos.get({ owner: "alice", repo: "sample" });
  expect(repo.data.permissions?.admin).toBe(true);
  expect(await endOf(child)).toBe(0);
  await expect(access(shown.data)).rejects.toThrow("ENOENT");
});

test("with --data a second start adopts what the first one left", async () => {
  const data = join(dir, "kept");
  const first = start("--port", "0", "--json", "--data", data);
  const before = await shownBy(first);
  const token = before.users[0]?.token ?? "";
  await octokit(before.api, token).rest.issues.create({
    owner: "alice",
    repo: "sample",
    title: "Kept",
  });
  expect(await endOf(first)).toBe(0);
  const second = start("--port", "0", "--json", "--data", data);
  const after = await shownBy(second);
  expect(after.app).toEqual(before.app);
  const { data: issues } = await octokit(after.api, token).rest.issues.listForRepo({
    owner: "alice",
    repo: "sample",
  });
  expect(issues.map((i) => i.title)).toEqual(["Kept"]);
  await endOf(second);
});

test("a port in use and a wrong option are one sentence each", async () => {
  const first = start("--port", "0", "--json");
  const { url } = await shownBy(first);
  const port = new URL(url).port;
  const second = start("--port", port);
  const [message, [code]] = await Promise.all([
    text(second.stderr ?? process.stdin),
    once(second, "exit") as Promise<[number | null]>,
  ]);
  expect([code, message]).toEqual([
    1,
    `Listen on port ${port}: another program uses it; choose another with --port.\n`,
  ]);
  const wrong = start("--port", "many");
  expect(await text(wrong.stderr ?? process.stdin)).toBe(
    "Read --port many: give a number from 0 to 65535.\n",
  );
  await endOf(first);
});
