import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import pino from "pino";
import { expect, test } from "vitest";
import { Secret } from "../../../src/domain/secret.ts";
import { MemoryDeliveries } from "../../../src/engine/memory/records.ts";
import { inRequestScope } from "../../../src/github/request-count.ts";
import { sanitize } from "../../../src/github/sanitize.ts";
import { SERVER_LIMITS } from "../../../src/webhooks/ingress.ts";
import { openWebhooks, WEBHOOK_PATH } from "../../../src/webhooks/open.ts";
import { Stage as Runs } from "../../unit/commands/stage.ts";
import { newStage, REPO, type Stage } from "../github/stage.ts";

interface Door extends AsyncDisposable {
  readonly stage: Stage;
  readonly runs: Runs;
  readonly deliveries: MemoryDeliveries;
  /** Resolves when GitHub has sent everything and everything was worked on. */
  readonly settled: () => Promise<void>;
  readonly thread: () => Promise<string[]>;
  readonly reactions: (commentId: number) => Promise<string[]>;
}

/** The local GitHub sends its own signed webhooks to our ingress; commands answer on it; runs are pretended. */
async function openDoor(): Promise<Door> {
  const stage = await newStage();
  const { hub, app } = stage;
  const runs = new Runs({ appId: app.appId, clean: (text) => sanitize(text).text });
  const deliveries = new MemoryDeliveries();
  const webhooks = await openWebhooks({
    app: { id: app.appId, privateKey: new Secret(app.privateKeyPem) },
    secrets: [new Secret(app.webhookSecret)],
    apiUrl: hub.url,
    deliveries,
    commands: { ...runs.ports, github: stage.github },
    pino: pino({ level: "silent" }),
    around: async (work) => await inRequestScope({ counts: stage.counts }, work),
  });
  const server = createServer(
    SERVER_LIMITS,
    (request, response) => void webhooks.ingress(request, response),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  hub.updateApp("orchestrator", { webhookUrl: `http://127.0.0.1:${port}${WEBHOOK_PATH}` });
  async function read(path: string): Promise<{ body: string; content: string }[]> {
    const headers = { authorization: `Bearer ${hub.userToken("olga")}` };
    const answer = await fetch(`${hub.url}/repos/${REPO}/${path}`, { headers });
    return (await answer.json()) as { body: string; content: string }[];
  }
  return {
    stage,
    runs,
    deliveries,
    settled: async () => {
      for (let round = 0; round < 3; round += 1) {
        await hub.webhooks.idle();
        await new Promise((resolve) => setImmediate(resolve));
        await webhooks.idle();
      }
    },
    thread: async () => (await read(`issues/${stage.issue}/comments`)).map(({ body }) => body),
    reactions: async (id) =>
      (await read(`issues/comments/${id}/reactions`)).map(({ content }) => content),
    [Symbol.asyncDispose]: async () => {
      await webhooks.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await stage[Symbol.asyncDispose]();
    },
  };
}

test("A1, R3: a writer's comment starts one run and is marked with eyes, then a rocket", async () => {
  await using door = await openDoor();
  const { hub, issue } = door.stage;
  const comment = await hub
    .as("wendy")
    .comment(REPO, issue, "Please.\n\n/orchestrate add limits <!-- hidden -->");
  await door.settled();
  expect(door.runs.started).toHaveLength(1);
  expect(door.runs.started[0]).toMatchObject({
    issue,
    issueTitle: "Rate limits",
    issueBody: "Add them.",
    task: "add limits",
    defaultBranch: "main",
    commentId: comment.id,
  });
  expect(await door.reactions(comment.id)).toEqual(["eyes", "rocket"]);
});

test("A2: GitHub's redelivery of a comment starts no second run", async () => {
  await using door = await openDoor();
  const { hub, issue } = door.stage;
  await hub.as("wendy").comment(REPO, issue, "/orchestrate");
  await door.settled();
  const sent = hub.webhooks.log().filter(({ event }) => event === "issue_comment");
  for (const delivery of [...sent, ...sent]) await hub.webhooks.redeliver(delivery.id);
  await door.settled();
  expect(door.runs.started).toHaveLength(1);
});

test("A2, A-08: an edit that adds a command, and a deletion, start nothing", async () => {
  await using door = await openDoor();
  const { hub, issue } = door.stage;
  const comment = await hub.as("wendy").comment(REPO, issue, "Hello");
  await hub.as("wendy").editComment(REPO, comment.id, "/orchestrate");
  await hub.as("wendy").deleteComment(REPO, comment.id);
  await door.settled();
  expect(door.runs.started).toEqual([]);
});

test("A3, A-01: a reader is refused once, and both comments are marked", async () => {
  await using door = await openDoor();
  const { hub, issue } = door.stage;
  const first = await hub.as("rob").comment(REPO, issue, "/orchestrate");
  const second = await hub.as("rob").comment(REPO, issue, "/orchestrate please");
  await door.settled();
  expect(door.runs.started).toEqual([]);
  const own = (await door.thread()).filter((body) => body.includes("orchestrate:refused"));
  expect(own).toEqual([
    expect.stringContaining(
      "@rob `/orchestrate` needs write permission in this repository; you have read.",
    ),
  ]);
  for (const { id } of [first, second]) expect(await door.reactions(id)).toEqual(["eyes", "-1"]);
});

test("A-06, O-11: our own words do not come back as commands", async () => {
  await using door = await openDoor();
  const { hub, issue } = door.stage;
  await hub.as("wendy").comment(REPO, issue, "/orchestrate help");
  await door.settled();
  await door.stage.github.putComment(door.stage.repo, {
    number: issue,
    marker: "x",
    body: "/orchestrate",
  });
  await door.settled();
  expect(door.runs.started).toEqual([]);
  expect(await door.thread()).toHaveLength(3);
});

test("R9: a wrong option is answered on the issue", async () => {
  await using door = await openDoor();
  const { hub, issue } = door.stage;
  await hub.as("wendy").comment(REPO, issue, "/orchestrate fix it --budget lots");
  await door.settled();
  expect((await door.thread()).at(-1)).toContain(
    "`--budget` expects US dollars such as `20`, not `lots`.",
  );
});

test("F10: an answer that GitHub lost is not given twice", async () => {
  await using door = await openDoor();
  const { hub, issue } = door.stage;
  hub.faults.inject({
    operationId: "issues/create-comment",
    when: "after",
    status: 502,
    match: ({ actor }) => actor !== "wendy",
  });
  await hub.as("wendy").comment(REPO, issue, "/orchestrate status");
  await door.settled();
  expect(
    (await door.thread()).filter((body) => body.includes("There has been no run here yet")),
  ).toHaveLength(1);
});

test("A-12: on a locked issue a command is obeyed as far as GitHub lets us, without a failure", async () => {
  await using door = await openDoor();
  const { hub, issue } = door.stage;
  await hub.as("olga").lock(REPO, issue);
  await hub.as("olga").close(REPO, issue);
  await hub.as("olga").comment(REPO, issue, "/orchestrate");
  await door.settled();
  expect(door.runs.started).toEqual([]);
  const ids = hub.webhooks.log().map(({ guid }) => guid);
  for (const id of ids) expect(door.deliveries.outcomeOf(id)?.state).not.toBe("dead");
});
