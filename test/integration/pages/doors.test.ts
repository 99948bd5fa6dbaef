import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { REPO, type Stage, seededStage } from "./seed.ts";

let dataDir: string;
let stage: Stage;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "pages-"));
  stage = await seededStage(dataDir);
});

afterAll(async () => {
  await stage?.close();
  await rm(dataDir, { recursive: true, force: true });
});

interface Answer {
  status: number;
  text: string;
  headers: Headers;
}

async function get(
  path: string,
  as?: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const cookie: Record<string, string> = as === undefined ? {} : { cookie: `local_person=${as}` };
  const response = await fetch(`${stage.url}${path}`, {
    headers: { accept: "text/html", ...cookie, ...headers },
    redirect: "manual",
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

async function post(
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string>,
): Promise<Answer> {
  const response = await fetch(`${stage.url}${path}`, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers,
    redirect: "manual",
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

function comments(): number {
  return stage.hub.store.comments.size;
}

const COMMENTS = `/${REPO}/issues/1/comments`;

test("a form of this site is accepted", async () => {
  const before = comments();
  const headers = { cookie: "local_person=rui", origin: stage.url };
  const answer = await post(COMMENTS, { body: "mine", back: `/${REPO}/issues/1` }, headers);
  expect(answer.status).toBe(303);
  expect(answer.headers.get("location")).toMatch(/^\/ada\/assets\/issues\/1#issuecomment-\d+$/);
  expect(comments()).toBe(before + 1);
});

test.each([
  ["another origin", { origin: "http://evil.example" }],
  ["another port of this machine", { origin: "http://127.0.0.1:1" }],
  ["no origin at all", {}],
  ["an opaque origin", { origin: "null" }],
])("a form from %s is refused", async (_what, headers) => {
  const before = comments();
  const answer = await post(
    COMMENTS,
    { body: "forged" },
    { cookie: "local_person=rui", ...headers },
  );
  expect(answer.status).toBe(403);
  expect(answer.text).toContain("came from another site");
  expect(comments()).toBe(before);
});

test("a form under a foreign name that points at this machine is refused", async () => {
  const before = comments();
  const { port } = new URL(stage.url);
  const status = await new Promise<number>((resolve, reject) => {
    const host = `evil.example:${port}`;
    const headers = {
      host,
      origin: `http://${host}`,
      cookie: "local_person=rui",
      "content-type": "application/x-www-form-urlencoded",
    };
    const options = { host: "127.0.0.1", port, path: COMMENTS, method: "POST", headers };
    const req = request(options, (res) => {
      res.resume();
      resolve(res.statusCode ?? 0);
    });
    req.on("error", reject);
    req.end("body=forged");
  });
  expect(status).toBe(403);
  expect(comments()).toBe(before);
});

test("nobody is told to choose a person; an outsider is told what is missing", async () => {
  const nobody = await post(COMMENTS, { body: "x" }, { origin: stage.url });
  expect(nobody.status).toBe(401);
  expect(nobody.text).toContain("Choose who you are first");
  const edit = `/${REPO}/posts/comment/${stage.statusId}/edit`;
  const before = stage.hub.store.comments.must(stage.statusId).body;
  const outsider = await post(
    edit,
    { body: "x" },
    { cookie: "local_person=ivy", origin: stage.url },
  );
  expect(outsider.status).toBe(403);
  expect(outsider.text).toContain("You are acting as <strong>ivy</strong>");
  expect(stage.hub.store.comments.must(stage.statusId).body).toBe(before);
});

test("a private repository is not there for those without a role", async () => {
  await stage.hub.createRepository({
    owner: "ada",
    name: "secret",
    private: true,
    from: { a: "b" },
  });
  expect((await get("/ada/secret", "ada")).status).toBe(200);
  for (const person of ["ivy", undefined]) {
    expect((await get("/ada/secret", person)).status).toBe(404);
    expect((await get("/", person)).text).not.toContain("ada/secret");
    expect((await get("/ada", person)).text).not.toContain("ada/secret");
  }
});

test("whatever people write is shown as text", async () => {
  const nasty = '"><script>alert(1)</script>';
  const rui = stage.hub.as("rui");
  const { number } = await rui.openIssue(REPO, { title: nasty, body: nasty });
  await stage.hub.as("ada").pushFile(REPO, {
    branch: "x<script>",
    path: "dir <i>/a&b.txt",
    content: `${nasty}\n`,
    message: nasty,
  });
  for (const path of [
    `/${REPO}/issues`,
    `/${REPO}/issues/${number}`,
    `/${REPO}/issues/${number}?edit=issue-${number}`,
    `/${REPO}/branches`,
    `/${REPO}/commits/x%3Cscript%3E`,
    `/${REPO}/tree/x%3Cscript%3E/dir%20%3Ci%3E`,
    `/${REPO}/blob/x%3Cscript%3E/dir%20%3Ci%3E/a%26b.txt`,
    `/${REPO}/compare/main...x%3Cscript%3E`,
    `/${REPO}/tree/%3Cscript%3E`,
  ]) {
    const { text, status, headers } = await get(path, "rui");
    expect([path, [200, 404].includes(status)]).toEqual([path, true]);
    expect(text).not.toMatch(/<script>|<i>/);
    expect(headers.get("content-security-policy")).toContain("script-src 'self';");
  }
});

test("a repository's file is sent as text that cannot run", async () => {
  await stage.hub.as("ada").pushFile(REPO, {
    branch: "main",
    path: "evil.html",
    content: "<script>alert(1)</script>",
  });
  const { headers } = await get(`/${REPO}/raw/main/evil.html`);
  expect(headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect(headers.get("content-security-policy")).toContain("sandbox");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
});

test("a picture of a README is sent as a picture", async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';
  const ada = stage.hub.as("ada");
  await ada.pushFile(REPO, { branch: "pictures", path: "docs/a.svg", content: svg });
  await ada.pushFile(REPO, { branch: "pictures", path: "docs/README.md", content: "![a](a.svg)" });
  const readme = await get(`/${REPO}/blob/pictures/docs/README.md`);
  const src = /<img src="([^"]+)" alt="a">/.exec(readme.text)?.[1] ?? "";
  const picture = await fetch(`${stage.url}${src}`, { headers: { accept: "image/*" } });
  expect(picture.headers.get("content-type")).toBe("image/svg+xml");
  expect(await picture.text()).toBe(svg);
});

test("a page that has not changed is answered with 304 only", async () => {
  const first = await get(`/${REPO}/issues/1`, "ada");
  const tag = first.headers.get("etag") ?? "";
  expect((await get(`/${REPO}/issues/1`, "ada", { "if-none-match": tag })).status).toBe(304);
  await stage.hub.as("rui").comment(REPO, 1, "news");
  expect((await get(`/${REPO}/issues/1`, "ada", { "if-none-match": tag })).status).toBe(200);
});

test("signing in leads back to the page, and to no other site", async () => {
  const headers = { origin: stage.url };
  const good = await post("/_session", { login: "ada", back: `/${REPO}/pull/2` }, headers);
  expect(good.headers.get("location")).toBe(`/${REPO}/pull/2`);
  expect(good.headers.get("set-cookie")).toMatch(/^local_person=ada;.*HttpOnly; SameSite=Strict$/);
  for (const back of ["//evil.example/", "https://evil.example/", "/\\evil.example", "x"]) {
    expect((await post("/_session", { login: "ada", back }, headers)).headers.get("location")).toBe(
      "/",
    );
  }
  expect((await post("/_session", { login: "mallory" }, headers)).status).toBe(404);
});

test("every page answers, and what is not there is said on a page", async () => {
  const paths = [
    "/",
    "/ada",
    "/apps/backend-orchestrator",
    `/${REPO}`,
    `/${REPO}/tree/main/src`,
    `/${REPO}/blob/main/README.md`,
    `/${REPO}/blob/main/README.md?plain=1`,
    `/${REPO}/commits`,
    `/${REPO}/commits/main/src`,
    `/${REPO}/commit/${stage.headSha}`,
    `/${REPO}/commit/${stage.headSha}/checks`,
    `/${REPO}/branches`,
    `/${REPO}/issues?state=closed`,
    `/${REPO}/issues/new`,
    `/${REPO}/pulls`,
    `/${REPO}/pull/${stage.pull}`,
    `/${REPO}/pull/${stage.pull}/commits`,
    `/${REPO}/pull/${stage.pull}/checks`,
    `/${REPO}/pull/${stage.pull}/files`,
    "/_assets/pages.css",
    "/_assets/page.js",
    "/_assets/mermaid.js",
  ];
  for (const path of paths) expect([path, (await get(path, "ada")).status]).toEqual([path, 200]);
  for (const path of [
    `/${REPO}/issues/999`,
    `/${REPO}/nothing`,
    `/${REPO}/commit/${"0".repeat(40)}`,
  ]) {
    const answer = await get(path, "ada");
    expect([path, answer.status]).toEqual([path, 404]);
    expect(answer.text).toContain("Nothing here");
  }
});
