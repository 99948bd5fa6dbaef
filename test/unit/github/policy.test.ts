import { expect, test } from "vitest";
import { LaterError } from "../../../src/domain/failure.ts";
import { RunId } from "../../../src/domain/ids.ts";
import { assignRun, inRequestScope, kindOf } from "../../../src/github/request-count.ts";
import { bench, type Fault, repo } from "./fake-github.ts";

const pull = { head: "orchestrate/3-x-r1/main", base: "main", title: "T", body: "B" };
const comment = { number: 3, marker: "orchestrate:x", body: "Hi" };

async function withPull(): Promise<ReturnType<typeof bench> & { number: number }> {
  const made = bench();
  const { number } = await made.github.openPullRequest(repo, pull);
  made.fake.journal.length = 0;
  return { ...made, number };
}

test("F10, F46: a read is repeated with growing pauses, then it is a failure that may be tried later", async () => {
  const { github, fake, number } = await withPull();
  fake.faults.push({ on: "GET", when: "before", answer: { status: 502 }, times: 3 });
  expect((await github.pullRequest(repo, number)).number).toBe(number);
  expect(fake.clock.slept).toEqual([500, 1_500, 4_500]);
  fake.faults.push({ on: "GET", when: "before", answer: "reset", times: 4 });
  await expect(github.pullRequest(repo, number)).rejects.toMatchObject({ failureClass: "retry" });
});

test("F11: an answer that was cut is read again", async () => {
  const { github, fake, number } = await withPull();
  fake.faults.push({ on: "GET", when: "before", answer: "cut" });
  expect((await github.pullRequest(repo, number)).number).toBe(number);
});

function limit(status: number, headers: Record<string, string>, message = "no"): Fault {
  return { on: "GET", when: "before", answer: { status, headers, body: { message } } };
}

test("F08: at the hourly limit nothing is sent until its reset, by the server's clock", async () => {
  const { github, fake, number } = await withPull();
  const server = fake.clock.now() + 7_200_000;
  const headers = {
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(server / 1_000 + 2_400),
    date: new Date(server).toUTCString(),
  };
  fake.faults.push(limit(403, headers, "API rate limit exceeded"));
  const error = await github.pullRequest(repo, number).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(LaterError);
  expect(Date.parse((error as LaterError).dueAt) - fake.clock.now()).toBe(2_401_000);
  const sent = fake.journal.length;
  await expect(github.putComment(repo, comment)).rejects.toBeInstanceOf(LaterError);
  expect(fake.journal).toHaveLength(sent);
  fake.clock.at = Date.parse((error as LaterError).dueAt);
  expect((await github.pullRequest(repo, number)).number).toBe(number);
});

test("F08: an answer that uses the last request up stops the next one too", async () => {
  const { github, fake, number } = await withPull();
  const headers = {
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(fake.clock.now() / 1_000 + 600),
    etag: "",
  };
  const body = fake.pulls[0];
  fake.faults.push({ on: "GET", when: "before", answer: { status: 200, headers, body } });
  await github.pullRequest(repo, number);
  await expect(github.pullRequest(repo, number)).rejects.toBeInstanceOf(LaterError);
  expect(fake.sent()).toHaveLength(1);
});

test("F08: one installation's limit does not stop another", async () => {
  const { github, fake, number } = await withPull();
  fake.faults.push(limit(429, { "retry-after": "600" }));
  await expect(github.pullRequest(repo, number)).rejects.toBeInstanceOf(LaterError);
  const other = { ...repo, installationId: 6 };
  expect((await github.pullRequest(other, number)).number).toBe(number);
});

const secondary: readonly [name: string, fault: Fault, waited: number][] = [
  [
    "403 with Retry-After",
    limit(403, { "retry-after": "5" }, "You have exceeded a secondary rate limit"),
    5_000,
  ],
  ["429 with Retry-After", limit(429, { "retry-after": "7" }), 7_000],
  ["429 with Retry-After 0", limit(429, { "retry-after": "0" }), 0],
];

test.each(secondary)("F09: a short wait (%s) is waited out", async (_name, fault, waited) => {
  const { github, fake, number } = await withPull();
  fake.faults.push(fault);
  expect((await github.pullRequest(repo, number)).number).toBe(number);
  expect(fake.clock.slept.reduce((sum, ms) => sum + ms, 0)).toBe(waited);
});

test.each(["You have triggered an abuse detection mechanism", "secondary Rate Limit, wait a bit"])(
  "F09: without Retry-After it is at least a minute, then longer (%s)",
  async (message) => {
    const { github, fake, number } = await withPull();
    for (const minutes of [1, 2, 4]) {
      fake.faults.push(limit(403, {}, message));
      const error = (await github
        .pullRequest(repo, number)
        .catch((caught: unknown) => caught)) as LaterError;
      expect(Date.parse(error.dueAt) - fake.clock.now()).toBe(minutes * 60_000);
      fake.clock.at = Date.parse(error.dueAt);
    }
  },
);

test("F09: a limited write had no effect, so it is sent again when due", async () => {
  const { github, fake } = bench();
  fake.faults.push({
    on: "POST /repos/acme/shop/issues/3",
    when: "before",
    answer: { status: 403, headers: { "retry-after": "2" } },
  });
  await github.putComment(repo, comment);
  expect(fake.comments).toHaveLength(1);
});

test("Reliability: content is paced at 70 a minute and 450 an hour", async () => {
  const { github, fake } = bench();
  let error: unknown;
  let made = 0;
  for (; made < 600 && error === undefined; made += 1) {
    error = await github
      .putComment(repo, { ...comment, marker: `orchestrate:${made}` })
      .catch((caught: unknown) => (caught instanceof LaterError ? caught : undefined));
    if (error instanceof LaterError && Date.parse(error.dueAt) - fake.clock.now() <= 60_001) {
      fake.clock.at = Date.parse(error.dueAt);
      error = undefined;
    } else if (error !== undefined && !(error instanceof LaterError)) error = undefined;
  }
  const posts = fake.journal.filter(
    ({ method, path }) => method === "POST" && path.includes("/comments"),
  );
  const [first] = posts;
  expect(posts).toHaveLength(450);
  expect(posts.filter(({ at }) => at < (first?.at ?? 0) + 60_000).length).toBeLessThanOrEqual(70);
});

test("F15: a refused token is minted anew once", async () => {
  const { github, fake, number } = await withPull();
  fake.tokens.clear();
  expect((await github.pullRequest(repo, number)).number).toBe(number);
  fake.faults.push({ on: "GET", when: "before", answer: { status: 401 }, times: 2 });
  await expect(github.pullRequest(repo, number)).rejects.toMatchObject({ status: 401 });
});

test("F15: a token is minted anew before its hour is over", async () => {
  const { github, fake, number } = await withPull();
  fake.clock.at += 56 * 60_000;
  await github.pullRequest(repo, number);
  expect(fake.journal.filter(({ path }) => path.includes("access_tokens"))).toHaveLength(1);
});

test("A read that changed nothing is answered from what is known", async () => {
  const { github, fake, number } = await withPull();
  const body = structuredClone(fake.pulls[0]);
  fake.faults.push({
    on: "GET",
    when: "before",
    answer: { status: 200, headers: { etag: '"a"' }, body },
  });
  const first = await github.pullRequest(repo, number);
  fake.faults.push({ on: "GET", when: "before", answer: { status: 304 } });
  expect(await github.pullRequest(repo, number)).toEqual(first);
  expect(fake.journal.at(-1)?.headers.get("if-none-match")).toBe('"a"');
});

test("F17: a refusal for want of a permission names it", async () => {
  const { github, fake, number } = await withPull();
  const headers = { "x-accepted-github-permissions": "pull_requests=read" };
  fake.faults.push(limit(403, headers, "Resource not accessible by integration"));
  await expect(github.pullRequest(repo, number)).rejects.toThrow(
    /lacks a permission \(pull_requests=read\)/,
  );
});

test("A mistake of ours is not taken for a failure of the world", async () => {
  const { github, fake, number } = await withPull();
  fake.faults.push({
    on: "GET",
    when: "before",
    answer: { status: 200, body: { nonsense: true } },
  });
  await expect(github.pullRequest(repo, number)).rejects.toMatchObject({ name: "ZodError" });
});

test("U7: requests are counted for their run, those before it was known included", async () => {
  const { github, counts, fake } = bench();
  const runId = RunId.parse("42-3-r1");
  await inRequestScope({ counts }, async () => {
    await github.react(repo, 1, "eyes");
    await assignRun(runId);
    await github.putComment(repo, comment);
    await github.putComment(repo, { ...comment, body: "Again" });
  });
  await inRequestScope({ counts, runId }, async () => await github.openPullRequest(repo, pull));
  await github.react(repo, 1, "rocket");
  const counted = await github.requestCount(runId);
  expect(counted).toEqual({ total: fake.journal.length - 1, contentCreating: 2, edits: 1 });
});

test("Decisions: only new comments, reviews, pull requests and issues are content; changes are edits", () => {
  const base = "/repos/o/r";
  const content = [
    "issues",
    "pulls",
    "issues/1/comments",
    "pulls/1/comments",
    "pulls/1/reviews",
    "pulls/1/comments/2/replies",
  ];
  for (const path of content) expect(kindOf("POST", `${base}/${path}`)).toBe("content");
  for (const path of [
    "issues/comments/1/reactions",
    "check-runs",
    "pulls/1/requested_reviewers",
    "git/refs",
  ])
    expect(kindOf("POST", `${base}/${path}`)).toBe("other");
  expect(kindOf("PATCH", `${base}/issues/comments/1`)).toBe("edit");
  expect(kindOf("GET", `${base}/issues/1/comments`)).toBe("other");
});
