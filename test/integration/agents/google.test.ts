import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { profileNamed } from "../../../src/agents/acp/profiles.ts";
import { acpAgents } from "../../../src/agents/acp/runner.ts";
import { startStub } from "../../helpers/model-stub.ts";
import { openJail } from "../../helpers/open-jail.ts";
import { openStage, PACKAGE_DIR, recordingHooks } from "./harness.ts";

/** One streamed answer as Gemini gives it: a function call, then its usage. */
function answerWithCall(response: ServerResponse, name: string, args: object): void {
  const frame = {
    candidates: [
      {
        content: { role: "model", parts: [{ functionCall: { name, args } }] },
        finishReason: "STOP",
      },
    ],
    usageMetadata: { promptTokenCount: 40, candidatesTokenCount: 5, thoughtsTokenCount: 3 },
    modelVersion: "gemini-of-the-test",
  };
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end(`data: ${JSON.stringify(frame)}\r\n\r\n`);
}

test("the native agent works and is metered over the google protocol", async () => {
  const upstream = await startStub((request, response) => {
    const isFirst = !request.body.includes("functionResponse");
    if (isFirst) answerWithCall(response, "write", { path: "a.txt", content: "a\n" });
    else answerWithCall(response, "submit_result", { ok: true });
  });
  const stage = await openStage(() => undefined);
  const profile = profileNamed("native");
  if (!profile) throw new Error("There is no native profile.");
  const account = {
    ...stage.account,
    provider: "google",
    baseUrl: `${upstream.url}/v1beta`,
  } as const;
  const agents = acpAgents({
    jail: openJail(),
    account,
    profile,
    egress: { endpoints: [], env: {}, readable: [] },
    path: "/usr/bin:/bin",
    node: process.execPath,
    packageDir: PACKAGE_DIR,
  });
  try {
    const hooks = recordingHooks();
    const outcome = await agents.run(stage.request(), hooks, new AbortController().signal);

    expect(outcome).toMatchObject({
      status: "submitted",
      usage: { calls: 2, inputTokens: 80, outputTokens: 16, usd: null },
    });
    expect(upstream.received[0]?.url).toBe(
      "/v1beta/models/scripted-medium:streamGenerateContent?alt=sse",
    );
    expect(upstream.received[1]?.body).toContain("Wrote a.txt");
  } finally {
    await stage.close();
    await upstream.close();
  }
});
