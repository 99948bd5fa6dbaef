import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Wire } from "../../../src/agents/model-gateway/provider.ts";
import {
  bash,
  read,
  role,
  say,
  submit,
  write,
} from "../../../src/playground/scripted-model/script.ts";
import { openStage, recordingHooks } from "./harness.ts";

const steps = [
  say("I write a file.\n", write("src/hello.js", "console.log('hello from the file');\n")),
  bash("node src/hello.js"),
  read("src/hello.js"),
  submit({ ok: true, summary: "written" }),
];

for (const wire of ["anthropic", "openai", "openai-compatible"] satisfies Wire[]) {
  test(`the native agent edits, runs and submits over the ${wire} protocol`, async () => {
    const stage = await openStage(role("backend-developer", steps), { wire });
    const hooks = recordingHooks();
    try {
      const outcome = await stage.agents.run(stage.request(), hooks, new AbortController().signal);

      expect(outcome.detail).toBeUndefined();
      expect(outcome.status).toBe("submitted");
      expect(outcome.result).toEqual({ ok: true, summary: "written" });
      expect(outcome.sessionId).toMatch(/^[0-9a-f-]{36}$/);
      expect(await readFile(join(stage.dir, "src/hello.js"), "utf8")).toContain("hello");
      const journal = stage.model.journal();
      expect(journal.map(({ turn }) => turn.index)).toEqual([0, 1, 2, 3]);
      expect(journal[2]?.turn.results.join()).toContain("hello from the file");
      expect(journal[0]?.turn.system).toContain("You are the backend developer.");
      expect(journal[0]?.model).toBe("scripted-medium");
      expect(outcome.usage.calls).toBe(4);
      expect(outcome.usage.inputTokens).toBeGreaterThan(100);
      expect(outcome.usage.usd).toBeNull();
      const tools = hooks.events.flatMap((event) => (event.kind === "tool" ? [event.title] : []));
      expect(tools).toEqual([
        "write src/hello.js",
        "bash node src/hello.js",
        "read src/hello.js",
        "submit_result",
      ]);
      expect(hooks.events).toContainEqual({ kind: "text", text: "I write a file." });
    } finally {
      await stage.close();
    }
  });
}
