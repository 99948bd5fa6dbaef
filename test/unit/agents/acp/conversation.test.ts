import type { ClientContext } from "@agentclientprotocol/sdk/unstable";
import { expect, test } from "vitest";
import { Conversation, Inbox } from "../../../../src/agents/acp/conversation.ts";

/** An agent whose answers come when the test gives them; `prompts` is what it was sent. */
function agent(): {
  context: ClientContext;
  prompts: string[];
  answer: (at: number, error?: Error) => void;
} {
  const prompts: string[] = [];
  const answers: PromiseWithResolvers<unknown>[] = [];
  const context = {
    request: (_method: string, params: { prompt: { text: string }[] }) => {
      prompts.push(params.prompt[0]?.text ?? "");
      const answer = Promise.withResolvers<unknown>();
      answers.push(answer);
      return answer.promise;
    },
  } as unknown as ClientContext;
  return {
    context,
    prompts,
    answer: (at, error) => {
      const waiting = answers[at];
      if (error) waiting?.reject(error);
      else waiting?.resolve({ stopReason: "end_turn" });
    },
  };
}

function inboxWith(...texts: string[]): Inbox {
  return new Inbox({ news: () => Promise.resolve(texts.splice(0)) });
}

test("R5: an agent that queues prompts is told at once; its turn is over when both are answered", async () => {
  const { context, prompts, answer } = agent();
  const session = { sessionId: "s", queuesPrompts: true };
  const conversation = new Conversation(context, session, inboxWith("use tabs"));
  let over = false;
  const turn = conversation.prompt("Build it.").then(() => {
    over = true;
  });
  await conversation.passOn();
  expect(prompts).toEqual(["Build it.", "use tabs"]);
  answer(0);
  await Promise.resolve();
  expect(over).toBe(false);
  answer(1);
  await turn;
  expect(over).toBe(true);
});

test("an agent that takes one prompt at a time is left to finish; the text stays in the inbox", async () => {
  const { context, prompts, answer } = agent();
  const inbox = inboxWith("use tabs");
  const conversation = new Conversation(context, { sessionId: "s", queuesPrompts: false }, inbox);
  const turn = conversation.prompt("Build it.");
  await conversation.passOn();
  expect(prompts).toEqual(["Build it."]);
  answer(0);
  await turn;
  expect(await inbox.take()).toEqual(["use tabs"]);
});

test("a text that the agent did not take after all is given again, once", async () => {
  const { context, answer } = agent();
  const inbox = inboxWith("use tabs");
  const conversation = new Conversation(context, { sessionId: "s", queuesPrompts: true }, inbox);
  const turn = conversation.prompt("Build it.");
  await conversation.passOn();
  answer(1, new Error("not while I work"));
  answer(0);
  await turn;
  expect(await inbox.take()).toEqual(["use tabs"]);
  expect(await inbox.take()).toEqual([]);
});

test("what was passed on and not heard is told with the next refusal, once; what was heard is not", async () => {
  const { context } = agent();
  const session = { sessionId: "s", queuesPrompts: true };
  const conversation = new Conversation(context, session, inboxWith("use tabs", "keep it short"));
  void conversation.prompt("Build it.");
  await conversation.passOn();
  conversation.heard("use tabs");
  expect(await conversation.takeUnheard()).toEqual(["keep it short"]);
  expect(await conversation.takeUnheard()).toEqual([]);
});

test("nothing is sent between two prompts", async () => {
  const { context, prompts } = agent();
  const session = { sessionId: "s", queuesPrompts: true };
  await new Conversation(context, session, inboxWith("use tabs")).passOn();
  expect(prompts).toEqual([]);
});
