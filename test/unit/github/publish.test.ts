import { deflateSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { RunId } from "../../../src/domain/ids.ts";
import { Secret } from "../../../src/domain/secret.ts";
import { LiveSecrets } from "../../../src/github/live-secrets.ts";
import { inRequestScope } from "../../../src/github/request-count.ts";
import { leaksSecret } from "../../../src/github/secret-scan.ts";
import { codePoints } from "../../../src/reports/markdown.ts";
import { app, bench, repo } from "./fake-github.ts";

const canary = "sk-ant-api03-Zq7Tn4Wv9Lm2Kx8Rb5Yc1Hd6Pf3Gj0Us";
const bytes = Buffer.from(canary);

function live(): LiveSecrets {
  const secrets = new LiveSecrets();
  secrets.add(new Secret(canary));
  return secrets;
}

function spaced(text: string, by: string): string {
  return Array.from(text).join(by);
}

const leaks: readonly [id: string, name: string, text: string][] = [
  ["S-08", "as it is", `key: ${canary}.`],
  ["S-09", "in base64", bytes.toString("base64")],
  ["S-09", "in base64 within other text", Buffer.from(`the key is ${canary}!`).toString("base64")],
  ["S-09", "in base64 after a word", `value=ab${Buffer.from(`xy${canary}`).toString("base64")}`],
  ["S-09", "in base64url", bytes.toString("base64url")],
  ["S-09", "in base64 twice", Buffer.from(bytes.toString("base64")).toString("base64")],
  ["S-09", "in base64 with line breaks", bytes.toString("base64").replace(/(.{10})/g, "$1\n")],
  ["S-09", "in hexadecimal", bytes.toString("hex")],
  ["S-09", "in capital hexadecimal", bytes.toString("hex").toUpperCase()],
  ["S-09", "in hexadecimal with a digit before", `a${bytes.toString("hex")}`],
  ["S-09", "percent-encoded", bytes.toString("hex").replace(/../g, "%$&")],
  ["S-09", "in gzip and base64", gzipSync(bytes).toString("base64")],
  ["S-09", "in gzip and base64 after a word", `data${gzipSync(bytes).toString("base64")}`],
  ["S-09", "in zlib and base64", deflateSync(bytes).toString("base64")],
  ["S-09", "split by spaces", spaced(canary, " ")],
  ["S-09", "split by line breaks", spaced(canary, "\n")],
  ["S-09", "split by zero-width spaces", spaced(canary, "\u200B")],
  ["S-09", "split by full stops", spaced(canary, ".")],
  [
    "S-09",
    "with JSON escapes",
    Array.from(canary)
      .map((c) => `\\u00${c.charCodeAt(0).toString(16)}`)
      .join(""),
  ],
  [
    "S-09",
    "with HTML entities",
    Array.from(canary)
      .map((c) => `&#${c.charCodeAt(0)};`)
      .join(""),
  ],
  ["S-09", "backwards", Array.from(canary).reverse().join("")],
  ["S-10", "without its first seven characters", canary.slice(7)],
  ["S-10", "without its last eight characters", canary.slice(0, -8)],
  ["S-10", "as twelve characters of it", `…${canary.slice(20, 32)}…`],
];

test.each(leaks)("%s: a live secret %s is seen", (_id, _name, text) => {
  expect(leaksSecret(`Report\n\n${text}\n\nDone`, live())).toBe(true);
});

test.each([
  "All 12 tests passed on 0123456789abcdef0123456789abcdef01234567.",
  "-----BEGIN RSA PRIVATE KEY----- is how such a file begins.",
  `sha512-${"Ab3".repeat(28)}==`,
  canary.slice(0, 11),
  '```json\n{"status": "complete"}\n```',
])("Test honesty 4: harmless text passes: %j", (text) => {
  const secrets = live();
  secrets.add(app.privateKey);
  expect(leaksSecret(text, secrets)).toBe(false);
});

test("S-08: a body of the largest size is read within half a second", () => {
  const body = "The quick brown fox, jumps over 0123456789abcdef. ".repeat(1_310);
  const start = performance.now();
  expect(leaksSecret(body, live())).toBe(false);
  expect(performance.now() - start).toBeLessThan(1_500);
});

test("S-08: a comment, pull request or check run that holds a secret is not written", async () => {
  const { github, fake, live } = bench();
  live.add(new Secret(canary));
  const refused = { failureClass: "escalate", message: expect.stringContaining("not published") };
  const comment = { number: 3, marker: "orchestrate:x", body: `got ${canary}` };
  await expect(github.putComment(repo, comment)).rejects.toMatchObject(refused);
  const pull = { head: "orchestrate/3-x-r1/main", base: "main", title: canary, body: "" };
  await expect(github.openPullRequest(repo, pull)).rejects.toMatchObject(refused);
  await expect(
    github.openPullRequest(repo, { ...pull, title: "T", body: canary }),
  ).rejects.toMatchObject(refused);
  await expect(github.updatePullRequestBody(repo, 1, canary)).rejects.toMatchObject(refused);
  const check = {
    runId: RunId.parse("42-3-r1"),
    headSha: "a".repeat(40) as never,
    status: "queued" as const,
    title: "T",
    summary: canary,
    actions: [],
  };
  await expect(github.putCheckRun(repo, check)).rejects.toMatchObject(refused);
  expect(fake.journal.filter(({ body }) => JSON.stringify(body).includes(canary))).toEqual([]);
});

test.each([65_537, 1_000_000])(
  "O-05, F23: a body of %i characters is cut inside GitHub's limit, never inside a character",
  async (size) => {
    const { github, fake } = bench();
    await github.putComment(repo, { number: 3, marker: "orchestrate:x", body: "👍".repeat(size) });
    const body = String(fake.comments[0]?.["body"]);
    expect(codePoints(body)).toBe(65_536);
    expect(body.isWellFormed()).toBe(true);
    expect(body.startsWith("<!-- orchestrate:x -->\n")).toBe(true);
  },
);

test("O-06: a check run's summary has a limit of its own", async () => {
  const { github, fake } = bench();
  const check = {
    runId: RunId.parse("42-3-r1"),
    headSha: "a".repeat(40) as never,
    status: "queued" as const,
    title: "t".repeat(400),
    summary: "s".repeat(70_000),
    actions: [],
  };
  await github.putCheckRun(repo, check);
  const output = fake.checks[0]?.["output"] as { title: string; summary: string };
  expect([output.title.length, output.summary.length]).toEqual([250, 65_535]);
});

test("O-05: NUL and lone surrogates do not reach GitHub", async () => {
  const { github, fake } = bench();
  await github.putComment(repo, { number: 3, marker: "orchestrate:x", body: "a\u0000b\uD800c" });
  expect(fake.comments[0]?.["body"]).toBe("<!-- orchestrate:x -->\na\uFFFDb\uFFFDc");
});

test("O-09: a run writes no more comments and pull requests than its quota, and may still edit", async () => {
  const { github, fake, counts } = bench({ contentPerRun: 3 });
  const runId = RunId.parse("42-3-r1");
  await inRequestScope({ counts, runId }, async () => {
    for (const n of [1, 2, 3])
      await github.putComment(repo, { number: 3, marker: `orchestrate:${n}`, body: "x" });
    const fourth = github.putComment(repo, { number: 3, marker: "orchestrate:4", body: "x" });
    await expect(fourth).rejects.toMatchObject({ failureClass: "escalate" });
    const pull = { head: "orchestrate/3-x-r1/main", base: "main", title: "T", body: "B" };
    await expect(github.openPullRequest(repo, pull)).rejects.toMatchObject({
      failureClass: "escalate",
    });
    await github.putComment(repo, { number: 3, marker: "orchestrate:1", body: "edited" });
  });
  expect([fake.comments.length, fake.pulls.length]).toEqual([3, 0]);
});
