import { createHmac, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { Quota } from "../../../src/commands/quota.ts";
import { RunId } from "../../../src/domain/ids.ts";
import { Secret } from "../../../src/domain/secret.ts";
import { MemoryDeliveries } from "../../../src/engine/memory/records.ts";
import type { AskedRun, Happening, LiveRun } from "../../../src/ports/control.ts";
import type { DeliveryOutcome } from "../../../src/ports/stores.ts";
import { openWebhooks, WEBHOOK_PATH } from "../../../src/webhooks/open.ts";

const SECRET = "a webhook secret of forty-one characters.";
export const APP_ID = 4242;

export interface Answered {
  readonly id: string;
  readonly event: string;
  readonly action: string | undefined;
  readonly status: number;
}

export interface Door extends AsyncDisposable {
  /** What was asked of runs, as "<verb> <who or what>". */
  readonly control: string[];
  /** What was asked of GitHub. */
  readonly github: string[];
  /** Whatever was logged as an error or a warning. */
  readonly complaints: unknown[];
  /** Signs and posts; resolves with the answer. */
  deliver(event: string, payload: object): Promise<Answered>;
  /** Resolves when everything was worked on. */
  idle(): Promise<void>;
  /** Every outcome recorded for a delivery, in order. */
  outcomes(id: string): readonly DeliveryOutcome[];
}

/** Which runs there are behind the door; none unless told. */
export interface DoorWorld {
  /** The run that is live on that issue or pull request. */
  readonly live?: (number: number) => LiveRun | undefined;
  /** A question that every live run waits to be told the answer of. */
  readonly asked?: AskedRun["questions"][number];
  /** What happens at GitHub concerns a run. */
  readonly concerned?: true;
}

class CountingDeliveries extends MemoryDeliveries {
  readonly finished = new Map<string, DeliveryOutcome[]>();

  override async finish(id: string, outcome: DeliveryOutcome): Promise<void> {
    this.finished.set(id, [...(this.finished.get(id) ?? []), outcome]);
    await super.finish(id, outcome);
  }
}

/**
 * The app's own way in, from the socket to Probot, with stores in memory, everybody an administrator, every owner
 * served, and a run control that only writes down.
 */
export async function openDoor(world: DoorWorld = {}): Promise<Door> {
  const heard = { control: [] as string[], github: [] as string[], complaints: [] as unknown[] };
  const deliveries = new CountingDeliveries();
  const webhooks = await openWebhooks({
    app: { id: APP_ID, privateKey: new Secret("unused: nothing is asked of GitHub's API") },
    secrets: [new Secret(SECRET)],
    apiUrl: "http://127.0.0.1:9",
    deliveries,
    pino: pino({ level: "silent" }),
    commands: commandPorts(heard, world),
  });
  const server = createServer((request, response) => {
    void webhooks.ingress(request, response).then((mine) => {
      if (!mine) response.writeHead(404).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${WEBHOOK_PATH}`;
  return {
    ...heard,
    deliver: async (event, payload) => await post(url, event, payload),
    idle: async () => await webhooks.idle(),
    outcomes: (id) => {
      // A delivery whose content was known is stored as finished: nobody works on it.
      const stored = deliveries.outcomeOf(id);
      return deliveries.finished.get(id) ?? (stored === undefined ? [] : [stored]);
    },
    [Symbol.asyncDispose]: async () => {
      await webhooks.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Heard = Pick<Door, "control" | "github" | "complaints">;
type Ports = Parameters<typeof openWebhooks>[0]["commands"];

function commandPorts({ control, github, complaints }: Heard, world: DoorWorld): Ports {
  const { live = () => undefined, asked, concerned } = world;
  return {
    appId: APP_ID,
    servesOwner: () => true,
    quota: new Quota(1_000),
    log: {
      info: () => undefined,
      warn: (fields) => complaints.push(fields),
      error: (fields) => complaints.push(fields),
    },
    github: {
      permissionOf: async (_repo, login) => {
        github.push(`permission of ${login}`);
        return await Promise.resolve("admin");
      },
      react: async (_repo, _id, reaction) => void github.push(`react ${reaction}`),
      putComment: async (_repo, { marker }) => {
        github.push(`comment ${marker}`);
        return await Promise.resolve({ id: 1, url: "" });
      },
      commentsByApps: async () => await Promise.resolve([]),
      pullRequest: async (_repo, number) => {
        github.push(`pull request ${number}`);
        const [url, nodeId, headSha] = ["", "n", "a".repeat(40)];
        return await Promise.resolve({ number, url, nodeId, headSha, draft: true, state: "open" });
      },
    },
    control: {
      start: async (_grant, { issue, commentId }) => {
        control.push(`start #${issue} by ${commentId}`);
        return await Promise.resolve({ kind: "started", runId: RunId.parse(`1-${issue}-r1`) });
      },
      live: async (_repo, number) => await Promise.resolve(live(number)),
      instruct: async (_grant, { command }) => {
        control.push(`instruct ${command.kind}`);
        return await Promise.resolve({ kind: "accepted" });
      },
      steer: async () => {
        control.push("steer");
        return await Promise.resolve({ kind: "accepted" });
      },
      status: async () => {
        control.push("status");
        return await Promise.resolve(undefined);
      },
      review: async (_grant, { reviewId }) => {
        control.push(`review ${reviewId}`);
        return await Promise.resolve({ kind: "accepted" });
      },
      openQuestions: async (_repo, number) => {
        const run = live(number);
        const open = run && asked && { run, questions: [asked] };
        return await Promise.resolve(open);
      },
      takeHint: async (_run, question) => {
        control.push(`hint Q${question}`);
        return await Promise.resolve(true);
      },
      tookUp: async () => await Promise.resolve(false),
      halfDone: async () => await Promise.resolve(undefined),
      happened: async (happening) => {
        if (concerned) control.push(happeningLine(happening));
        return await Promise.resolve(concerned && "told");
      },
    },
  };
}

/** What happened and where, without what only names the delivery. */
function happeningLine(happening: Happening): string {
  const { repo, kind, by, deliveryId: _id, ...rest } = happening;
  return [kind, `${repo.owner}/${repo.name}`, `by ${by}`, ...Object.values(rest)].join(" ");
}

async function post(url: string, event: string, payload: object): Promise<Answered> {
  const id = randomUUID();
  const body = JSON.stringify(payload);
  const signature = createHmac("sha256", SECRET).update(body).digest("hex");
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-github-event": event,
      "x-github-delivery": id,
      "x-hub-signature-256": `sha256=${signature}`,
    },
  });
  await response.text();
  const { action } = payload as { action?: string };
  return { id, event, action, status: response.status };
}
