import { createHmac } from "node:crypto";
import { expect, test, vi } from "vitest";
import { Secret } from "../../../src/domain/secret.ts";
import { createIngress } from "../../../src/webhooks/ingress.ts";
import { SignatureCheck } from "../../../src/webhooks/signature.ts";
import { openDoor, PATH, raw, SECRET, sign } from "./signed.ts";

const body = JSON.stringify({ action: "created", zen: "é" });

test("A signed delivery is stored, answered with 202 and then handed on", async () => {
  await using door = await openDoor();
  const answer = await door.post(body, { "x-github-event": "issues" });
  expect([answer.status, await answer.json()]).toEqual([202, { status: "accepted" }]);
  await vi.waitUntil(() => door.accepted.length > 0, { timeout: 30_000, interval: 2 });
  expect(door.accepted[0]).toMatchObject({
    id: "d-1",
    event: "issues",
    action: "created",
    payload: body,
  });
  expect(await door.deliveries.pending(9, 0)).toHaveLength(1);
});

test("F01, W-09: the same delivery a thousand times is stored once and always acknowledged", async () => {
  await using door = await openDoor();
  const statuses: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => await door.post(body)),
    );
    for (const answer of answers) {
      statuses.push(answer.status);
      await answer.arrayBuffer();
    }
  }
  expect(statuses.filter((status) => status === 202)).toHaveLength(1);
  expect(statuses.filter((status) => status === 200)).toHaveLength(999);
  expect(door.accepted).toHaveLength(1);
});

test("R6: a repository's hook and the app's hook for one comment are one delivery", async () => {
  await using door = await openDoor();
  const comment = { id: 5, updated_at: "2026-11-23T10:00:00Z" };
  const event = { action: "created", installation: { id: 3 }, repository: { id: 2 }, comment };
  const { installation: _, ...bare } = event;
  const headers = { "x-github-event": "issue_comment" };
  async function post(id: string, value: object): Promise<number> {
    const text = JSON.stringify(value);
    return (
      await door.post(text, {
        ...headers,
        "x-github-delivery": id,
        "x-hub-signature-256": sign(text),
      })
    ).status;
  }
  expect(await post("bare", bare)).toBe(202);
  expect(await post("app", event)).toBe(202);
  expect(await post("hook", event)).toBe(200);
  expect(await post("later", { ...event, comment: { ...comment, updated_at: "x" } })).toBe(202);
  expect(door.deliveries.outcomeOf("hook")?.state).toBe("ignored");
});

const wrong: readonly [id: string, name: string, header: string | undefined][] = [
  ["W-01", "missing", undefined],
  ["W-03", "there by SHA-1 only", undefined],
  ["W-02", "of another secret", sign(body, "another secret of at least 32 characters")],
  ["W-04", "truncated", sign(body).slice(0, -1)],
  ["W-04", "one longer", `${sign(body)}0`],
  ["W-04", "in capitals", sign(body).toUpperCase().replace("SHA256", "sha256")],
  ["W-04", "of another algorithm", sign(body).replace("sha256", "sha512")],
  ["W-04", "empty", ""],
  ["W-04", "given twice", `${sign(body)}, ${sign(body)}`],
  ["W-04", "not hexadecimal", `sha256=${"z".repeat(64)}`],
  ["W-05", "of another body", sign(`${body} `)],
  [
    "W-05",
    "of the same JSON written otherwise",
    sign(JSON.stringify({ action: "created", zen: "\\u00e9" })),
  ],
];

test.each(wrong)(
  "%s: a signature that is %s is refused and nothing is stored",
  async (_id, _name, header) => {
    await using door = await openDoor();
    const headers: Record<string, string> = {
      "content-type": "application/json",
      "x-github-event": "ping",
      "x-github-delivery": "d",
      "x-hub-signature": `sha1=${createHmac("sha1", SECRET).update(body).digest("hex")}`,
      ...(header === undefined ? {} : { "x-hub-signature-256": header }),
    };
    const answer = await fetch(door.url, { method: "POST", body, headers });
    expect([answer.status, await answer.json()]).toEqual([
      401,
      { error: "signature missing or wrong" },
    ]);
    expect(await door.deliveries.pending(9, 0)).toEqual([]);
  },
);

test("W-02: GitHub's documented vector verifies", () => {
  const secrets = [{ secret: new Secret("It's a Secret to Everybody") }];
  const header = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  const check = SignatureCheck.begin(header, secrets, 0);
  check?.update(Buffer.from("Hello, World!"));
  expect(check?.end()).toBe(true);
});

test("W-04: a header of a megabyte is refused without an answer of its own making", async () => {
  await using door = await openDoor();
  const answer = await door
    .post(body, { "x-hub-signature-256": `sha256=${"a".repeat(1_000_000)}` })
    .catch(() => undefined);
  expect([431, undefined]).toContain(answer?.status);
});

test("W-05: bytes are verified as they came, whatever they are", async () => {
  await using door = await openDoor();
  const strange = Buffer.from('{"a":"\uFEFF\u2028\u00e9\\ud83d \\u0000 👍🏽"}');
  expect((await door.post(strange)).status).toBe(202);
});

test.each(["", "development", "short", "x".repeat(31)])(
  "W-06: the app does not open with the secret %j",
  (secret) => {
    const settings = {
      path: PATH,
      deliveries: { store: async () => "stored" as const },
      log: { info() {}, warn() {}, error() {} },
      accepted() {},
    };
    expect(() => createIngress({ ...settings, secrets: [{ secret: new Secret(secret) }] })).toThrow(
      /webhook secret/,
    );
    expect(() => createIngress({ ...settings, secrets: [] })).toThrow(/WEBHOOK_SECRET/);
  },
);

test("W-14: during a rotation both secrets count, afterwards only the new one", async () => {
  let now = 1_000;
  const old = "an older secret of at least 32 characters";
  const secrets = [{ secret: new Secret(SECRET) }, { secret: new Secret(old), until: 2_000 }];
  await using door = await openDoor({ secrets, now: () => now });
  expect((await door.post(body, { "x-hub-signature-256": sign(body, old) })).status).toBe(202);
  expect((await door.post(body, { "x-github-delivery": "d-2" })).status).toBe(202);
  now = 2_000;
  expect((await door.post(body, { "x-hub-signature-256": sign(body, old) })).status).toBe(401);
  expect((await door.post(body, { "x-github-delivery": "d-3" })).status).toBe(202);
});

test.each(["GET", "PUT", "DELETE", "PATCH", "HEAD"])("W-11: %s is refused", async (method) => {
  await using door = await openDoor();
  expect((await fetch(door.url, { method })).status).toBe(405);
});

test.each([
  "application/x-www-form-urlencoded",
  "text/plain",
  "application/json-patch",
  "application/jsonx",
])("W-11: the content type %s is refused", async (type) => {
  await using door = await openDoor();
  expect((await door.post(body, { "content-type": type })).status).toBe(415);
});

test.each([
  `${PATH}/`,
  `/${PATH}`,
  `${PATH}?x=1`,
  "/api/github/%77ebhooks",
  "/api/../api/github/webhooks",
  "/",
  "/probot",
  "/probot/import",
  "/debug",
])("W-11, W-12: the path %s is not ours", async (path) => {
  await using door = await openDoor();
  const request = `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`;
  expect(await raw(door.port, request, async () => {})).toBe("HTTP/1.1 404 Not Found");
});

test.each(["[]", "null", "3", '"x"', "{", "", "\u0000"])(
  "W-10: the signed body %j is malformed",
  async (text) => {
    await using door = await openDoor();
    expect((await door.post(text)).status).toBe(400);
  },
);

test.each([
  { "x-github-delivery": "" },
  { "x-github-delivery": "a b" },
  { "x-github-event": "" },
  { "x-github-event": "Issues!" },
])("W-10: the header %j is malformed", async (headers) => {
  await using door = await openDoor();
  expect((await door.post(body, headers as Record<string, string>)).status).toBe(400);
});

test("W-10: nesting a hundred thousand deep and strange shapes are stored without harm", async () => {
  await using door = await openDoor();
  const deep = `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  const shapes = [
    deep,
    '{"action":5}',
    '{"comment":null}',
    '{"repository":[]}',
    '{"__proto__":{"x":1}}',
  ];
  for (const [index, text] of shapes.entries()) {
    const answer = await door.post(text, {
      "x-github-event": "issue_comment",
      "x-github-delivery": `s-${index}`,
    });
    expect(answer.status).toBe(202);
  }
  expect(({} as { x?: number }).x).toBeUndefined();
});

test("F06, F33, W-13: when the database fails, GitHub sees a constant 503 and nothing is worked on", async () => {
  async function store(): Promise<never> {
    throw new Error("password=hunter2");
  }
  await using door = await openDoor({ deliveries: { store } });
  const answer = await door.post(body);
  expect([answer.status, await answer.json()]).toEqual([503, { error: "try again later" }]);
  expect(door.accepted).toEqual([]);
  expect(door.errors).toHaveLength(1);
});
