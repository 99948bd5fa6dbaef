import { expect, test } from "vitest";
import { bench, repo } from "./fake-github.ts";

const push = { contents: "write" } as const;

test("S-13: a token is minted for one repository and exactly these permissions, and revoked after use", async () => {
  const { tokens, fake, issued, live } = bench();
  const seen = await tokens.withToken(repo, push, async (token) => {
    expect(fake.tokens.has(token.reveal())).toBe(true);
    expect(await issued.outstanding()).toHaveLength(1);
    expect(live.in(`x ${token.reveal()} y`)).toBe(true);
    return token.reveal();
  });
  expect(fake.journal[0]?.body).toEqual({ repository_ids: [42], permissions: push });
  expect(fake.journal.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /app/installations/5/access_tokens",
    "DELETE /installation/token",
  ]);
  expect([fake.tokens.size, await issued.outstanding(), live.in(seen)]).toEqual([0, [], false]);
});

test("S-13: a token is revoked when the work with it fails, too", async () => {
  const { tokens, fake } = bench();
  const failure = new Error("push failed");
  await expect(
    tokens.withToken(repo, push, async () => await Promise.reject(failure)),
  ).rejects.toBe(failure);
  expect(fake.tokens.size).toBe(0);
});

test("S-13: what a kill left behind is revoked by the next start", async () => {
  const { tokens, fake, issued, restarted } = bench();
  const gate = Promise.withResolvers<void>();
  const minted = Promise.withResolvers<void>();
  const killed = tokens.withToken(repo, push, async () => {
    minted.resolve();
    await gate.promise;
  });
  await minted.promise;
  expect(await restarted().tokens.sweep(600_000)).toBe(0);
  expect(await restarted().tokens.sweep(0)).toBe(1);
  expect([fake.tokens.size, (await issued.outstanding()).length]).toEqual([0, 0]);
  gate.resolve();
  await killed;
});

test("S-12: the database holds no token", async () => {
  const { tokens, issued } = bench();
  await tokens.withToken(repo, push, async (token) => {
    expect(JSON.stringify(await issued.outstanding())).not.toContain(token.reveal().slice(4, 20));
  });
});

test("S-13: a mint whose answer was lost is repeated and leaves nothing recorded", async () => {
  const { tokens, fake, issued } = bench();
  fake.faults.push({ on: "access_tokens", when: "after", answer: "reset" });
  await tokens.withToken(repo, push, async () => {});
  expect([fake.tokens.size, (await issued.outstanding()).length]).toEqual([1, 0]);
});

test("S-13: an intent that never got its token is forgotten after its hour", async () => {
  const { tokens, fake, issued } = bench();
  await issued.intend({
    id: "x",
    repository: "acme/shop",
    at: new Date(fake.clock.now()).toISOString(),
  });
  expect(await tokens.sweep(0)).toBe(0);
  fake.clock.at += 3_600_000;
  expect(await tokens.sweep(0)).toBe(1);
  expect(await issued.outstanding()).toEqual([]);
});

test("A token that cannot be revoked now stays recorded for the next sweep", async () => {
  const { tokens, fake, issued } = bench();
  fake.faults.push({ on: "DELETE /installation/token", when: "before", answer: { status: 502 } });
  await tokens.withToken(repo, push, async () => {});
  expect(await issued.outstanding()).toHaveLength(1);
  await tokens.sweep(0);
  expect([fake.tokens.size, (await issued.outstanding()).length]).toEqual([0, 0]);
});

test("The end waits for tokens that are being revoked, and a store that fails then ends nothing", async () => {
  const { tokens, issued, fake } = bench();
  const asked = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  issued.revoked = async () => {
    asked.resolve();
    await gate.promise;
    throw new Error("Cannot use a pool after calling end on the pool");
  };
  const used = tokens.withToken(repo, push, async () => "pushed");
  await asked.promise;
  const order: string[] = [];
  const closed = tokens.close().then(() => order.push("closed"));
  await new Promise((resolve) => setImmediate(resolve));
  order.push("revoked");
  gate.resolve();
  expect(await used).toBe("pushed");
  await closed;
  expect([order, fake.tokens.size]).toEqual([["revoked", "closed"], 0]);
});

test("The API client's token is kept, minted once for many at once, and revoked at the end", async () => {
  const { github, tokens, fake } = bench();
  await Promise.all([1, 2, 3].map(async (id) => await github.react(repo, id, "eyes")));
  expect(fake.journal.filter(({ path }) => path.includes("access_tokens"))).toHaveLength(1);
  expect(fake.journal[0]?.body["permissions"]).toEqual({
    actions: "read",
    checks: "write",
    contents: "read",
    issues: "write",
    metadata: "read",
    pull_requests: "write",
    statuses: "read",
  });
  await tokens.close();
  expect(fake.tokens.size).toBe(0);
});

const refusals = [
  {
    status: 403,
    message: "This installation has been suspended",
    failureClass: "stop",
    said: /no longer has access to acme\/shop/,
  },
  { status: 404, message: "Not Found", failureClass: "stop", said: /removed or suspended/ },
  {
    status: 422,
    message: "The permissions requested are not granted.",
    failureClass: "escalate",
    said: /may not have contents: write on acme\/shop/,
  },
  { status: 502, message: "Bad gateway", failureClass: "retry", said: /answered 502/ },
];

test.each(refusals)(
  "F16, F17: a mint refused with $status $message is $failureClass",
  async (refusal) => {
    const { tokens, fake } = bench();
    const { status, message, failureClass, said } = refusal;
    fake.faults.push({
      on: "access_tokens",
      when: "before",
      answer: { status, body: { message } },
      times: 3,
    });
    const error: unknown = await tokens
      .withToken(repo, push, async () => {})
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ failureClass, message: expect.stringMatching(said) });
  },
);

test("S-14: a token of the new form, 520 characters with dots, works from end to end", async () => {
  const { tokens, fake, issued, live, restarted } = bench();
  const claims = Buffer.from(JSON.stringify({ iss: 7, jti: "x".repeat(200) })).toString(
    "base64url",
  );
  const text = `ghs_7_eyJhbGciOiJSUzI1NiJ9.${claims}.${"Sg9".repeat(60)}`;
  fake.tokenText = () => text;
  await tokens.withToken(repo, push, async (token) => {
    expect(token.reveal()).toBe(text);
    expect(live.redact(`remote: https://x-access-token:${text}@host`)).toBe(
      "remote: https://x-access-token:[secret]@host",
    );
    expect(live.in(text.slice(-100, -20))).toBe(true);
    expect(live.in("another token: ghs_9_eyJhbGciOiJSUzI1NiJ9.")).toBe(false);
    await restarted().tokens.sweep(0);
  });
  expect(await issued.outstanding()).toEqual([]);
});

test("The app knows itself by its key", async () => {
  const { whoAmI } = bench();
  expect(await whoAmI()).toEqual({ id: 7, slug: "orchestrate", owner: "acme" });
});
