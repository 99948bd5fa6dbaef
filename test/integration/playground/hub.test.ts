import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createLocalGitHub } from "../../../src/playground/github/create.ts";
import { newStage, octokit, type Stage } from "./stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await newStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

test("a hub that persists is taken up where it was left", async () => {
  const dataDir = join(stage.dir, "kept");
  const first = await createLocalGitHub({ dataDir, persist: true });
  first.createUser({ login: "ann" });
  await first.createRepository({ owner: "ann", name: "box", from: { a: "1\n" } });
  const issue = await first.as("ann").openIssue("ann/box", { title: "Kept" });
  const token = first.userToken("ann");
  await first.close();
  const second = await createLocalGitHub({ dataDir, persist: true });
  const ann = octokit(second.url, token);
  const { data } = await ann.rest.issues.get({
    owner: "ann",
    repo: "box",
    issue_number: issue.number,
  });
  expect(data.title).toBe("Kept");
  await second.as("ann").pushFile("ann/box", { branch: "main", path: "b", content: "2\n" });
  expect((await second.as("ann").openIssue("ann/box", { title: "Next" })).number).toBe(2);
  await second.close();
  await rm(dataDir, { recursive: true });
});

test("a hub that dies without closing has kept what was a second old", async () => {
  const dataDir = join(stage.dir, "killed");
  const first = await createLocalGitHub({ dataDir, persist: true });
  first.createUser({ login: "ann" });
  await first.createRepository({ owner: "ann", name: "box", from: { a: "1\n" } });
  await first.as("ann").openIssue("ann/box", { title: "Kept" });
  await expect.poll(() => readFile(join(dataDir, "state.json"), "utf8")).toContain("Kept");
  const second = await createLocalGitHub({ dataDir, persist: true });
  expect(second.store.issues.all().map((i) => i.title)).toEqual(["Kept"]);
  await second.close();
  await first.close();
});

test("problems of the machine are one sentence", async () => {
  const port = Number(new URL(stage.hub.url).port);
  const dataDir = join(stage.dir, "other");
  const file = join(stage.dir, "file");
  await writeFile(file, "");
  await expect(createLocalGitHub({ dataDir, port })).rejects.toThrow(
    `Listen on port ${port}: another program uses it; choose another with --port.`,
  );
  await expect(createLocalGitHub({ dataDir, path: "/nowhere" })).rejects.toThrow(
    "Find git: it is not on the path; install git 2.38 or newer.",
  );
  await expect(createLocalGitHub({ dataDir: join(file, "below") })).rejects.toThrow(
    /^Make .*: ENOTDIR; choose a data directory that can be written\.$/,
  );
});

test("pages are asked for what no API knows, and only then", async () => {
  const seen: string[] = [];
  const dataDir = join(stage.dir, "paged");
  const hub = await createLocalGitHub({
    dataDir,
    pages: async (req, res) => {
      seen.push(`${req.method ?? ""} ${req.url ?? ""}`);
      res.end("<p>page</p>");
      return true;
    },
  });
  const page = await fetch(`${hub.url}/acme/shop/issues/1`);
  expect(await page.text()).toBe("<p>page</p>");
  const browser = await fetch(hub.url, { headers: { accept: "text/html,*/*" } });
  expect(await browser.text()).toBe("<p>page</p>");
  const api = await fetch(hub.url);
  expect(await api.json()).toMatchObject({
    current_user_url: expect.stringContaining("/api/v3/user"),
  });
  await fetch(`${hub.url}/login`, { method: "POST", body: new URLSearchParams({ user: "x" }) });
  expect(seen).toEqual(["GET /acme/shop/issues/1", "GET /", "POST /login"]);
  await hub.close();
});
