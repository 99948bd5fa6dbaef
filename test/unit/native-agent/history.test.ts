import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ModelMessage } from "ai";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  closeOpenCalls,
  compact,
  INTERRUPTED,
  type Session,
  SessionStore,
} from "../../../src/native-agent/history.ts";

let dir: string;
const id = "5f0c3c8e-29d1-4f86-8b26-0c8f6c0a7f11";

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "history-"));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

function asked(...ids: string[]): ModelMessage {
  return {
    role: "assistant",
    content: ids.map((toolCallId) => ({
      type: "tool-call",
      toolCallId,
      toolName: "bash",
      input: {},
    })),
  };
}

function answered(value: string, ...ids: string[]): ModelMessage {
  return {
    role: "tool",
    content: ids.map((toolCallId) => ({
      type: "tool-result",
      toolCallId,
      toolName: "bash",
      output: { type: "text", value },
    })),
  };
}

const user: ModelMessage = { role: "user", content: "do it" };

test("a session comes back as it was saved", async () => {
  const session: Session = {
    version: 1,
    id,
    systemPrompt: "be good",
    turns: 2,
    messages: [user, asked("1"), answered("done", "1")],
  };
  const store = new SessionStore(dir);
  await store.save(session);
  await store.save({ ...session, turns: 3 });
  expect(await new SessionStore(dir).load(id)).toEqual({ ...session, turns: 3 });
  expect(await readdir(join(dir, ".native-agent/sessions"))).toEqual([`${id}.json`]);
});

test("an unknown id is no session, a path is no id, a damaged file is named", async () => {
  const store = new SessionStore(dir);
  expect(await store.load(id)).toBeUndefined();
  expect(await store.load("../../etc/passwd")).toBeUndefined();
  await store.save({ version: 1, id, systemPrompt: "", turns: 0, messages: [] });
  await writeFile(join(dir, ".native-agent/sessions", `${id}.json`), '{"version":1');
  await expect(store.load(id)).rejects.toThrow("JSON");
});

test("every open call is answered in its place, answered ones are left alone", () => {
  const repaired = closeOpenCalls([user, asked("1", "2"), answered("done", "1"), user]);
  expect(repaired).toHaveLength(5);
  expect(repaired[2]).toEqual({
    role: "tool",
    content: [
      {
        type: "tool-result",
        toolCallId: "2",
        toolName: "bash",
        output: { type: "error-text", value: INTERRUPTED },
      },
    ],
  });
  expect(closeOpenCalls(repaired)).toEqual(repaired);
});

test("a conversation above the limit loses old outputs only, and far enough to last", () => {
  const messages: ModelMessage[] = [user];
  for (let at = 0; at < 40; at++) {
    messages.push(asked(String(at)), answered(`output ${at} `.repeat(100), String(at)));
  }
  const size = JSON.stringify(messages).length;
  expect(compact(messages, size)).toEqual(messages);
  const smaller = compact(messages, size - 1);
  expect(JSON.stringify(smaller).length).toBeLessThan(size * 0.6);
  expect(smaller.filter(({ role }) => role !== "tool")).toEqual(
    messages.filter(({ role }) => role !== "tool"),
  );
  expect(smaller.slice(-12)).toEqual(messages.slice(-12));
  expect(JSON.stringify(smaller[2])).toContain("older output removed");
});

test("repair and compaction keep every call answered exactly once, wherever the process died", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 20 }),
      fc.nat(),
      fc.nat({ max: 4_000 }),
      (sizes, cut, limit) => {
        const whole = sizes.flatMap((size, at) => {
          const ids = Array.from({ length: size }, (_, call) => `${at}.${call}`);
          return [asked(...ids), answered("x".repeat(200), ...ids)];
        });
        const died = [user, ...whole].slice(0, (cut % (whole.length + 1)) + 1);
        const next = compact(closeOpenCalls(died), limit);
        const calls = next.flatMap((m) =>
          m.role === "assistant" ? partIds(m.content, "tool-call") : [],
        );
        const results = next.flatMap((m) =>
          m.role === "tool" ? partIds(m.content, "tool-result") : [],
        );
        expect(results).toEqual(calls);
      },
    ),
  );
});

function partIds(content: unknown, type: string): string[] {
  if (!Array.isArray(content)) return [];
  return content.flatMap((part: { type: string; toolCallId: string }) =>
    part.type === type ? [part.toolCallId] : [],
  );
}
