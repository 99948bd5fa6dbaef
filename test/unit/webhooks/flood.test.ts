import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { openDoor, PATH, raw } from "./signed.ts";

const body = JSON.stringify({ action: "created" });
const head = `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-github-event: ping\r\nx-github-delivery: d\r\nx-hub-signature-256: sha256=${"a".repeat(64)}\r\n`;

test("W-07: a length over 25 MB is refused before a byte of it is read", async () => {
  await using door = await openDoor();
  const line = await raw(door.port, `${head}content-length: 209715200\r\n\r\n`, async () => {});
  expect(line).toBe("HTTP/1.1 413 Payload Too Large");
});

test("W-07: 200 MB in chunks without a length are cut off at 25 MB and memory stays flat", async () => {
  await using door = await openDoor();
  const before = process.memoryUsage().rss;
  let peak = before;
  const chunk = Buffer.from(`100000\r\n${"x".repeat(1_048_576)}\r\n`);
  let sent = 0;
  await raw(door.port, `${head}transfer-encoding: chunked\r\n\r\n`, async (send) => {
    for (sent = 0; sent < 200 && (await send(chunk)); sent += 1)
      peak = Math.max(peak, process.memoryUsage().rss);
  });
  expect(sent).toBeLessThan(200);
  expect(door.accepted).toEqual([]);
  expect((peak - before) / 1_048_576).toBeLessThan(150);
});

test("W-07: a compressed body is refused", async () => {
  await using door = await openDoor();
  const packed = gzipSync(Buffer.alloc(10_000_000, 32));
  expect((await door.post(packed, { "content-encoding": "gzip" })).status).toBe(415);
});

test("W-07: a payload of just 25 MB is taken, one byte more is not", async () => {
  await using door = await openDoor();
  function text(size: number): string {
    return `{"a":"${"x".repeat(size - 8)}"}`;
  }
  expect((await door.post(text(26_214_400))).status).toBe(202);
  expect((await door.post(text(26_214_401))).status).toBe(413);
});

const waits = { bodyMs: 50, storeMs: 50 };

test("F06: a store that takes too long is a 503, so that GitHub knows", async () => {
  const { promise, resolve } = Promise.withResolvers<"stored">();
  await using door = await openDoor({ waits, deliveries: { store: async () => await promise } });
  expect((await door.post(body)).status).toBe(503);
  resolve("stored");
});

test("W-08: five hundred senders that stop in the middle are closed while others are served", async () => {
  await using door = await openDoor({ waits: { ...waits, bodyMs: 300 } });
  const slow = Array.from({ length: 500 }, async () => {
    return await raw(door.port, `${head}content-length: 100\r\n\r\n{`, async () => {});
  });
  expect((await door.post(body)).status).toBe(202);
  const lines = await Promise.all(slow);
  expect(new Set(lines)).toEqual(new Set(["HTTP/1.1 408 Request Timeout"]));
});
