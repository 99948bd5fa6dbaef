import type { Logger as Pino } from "pino";
import { Probot, ProbotOctokit } from "probot";
import type { CommandPorts } from "../commands/handle.ts";
import type { Secret } from "../domain/secret.ts";
import type { Deliveries, Delivery, DeliveryOutcome } from "../ports/stores.ts";
import { createIngress, type Ingress } from "./ingress.ts";
import { listen } from "./listen.ts";
import { DeliveryProcessor } from "./processor.ts";
import { checkSecrets } from "./signature.ts";

/** Where GitHub sends deliveries. */
export const WEBHOOK_PATH = "/api/github/webhooks";

export interface WebhookSettings {
  readonly app: { readonly id: number; readonly privateKey: Secret };
  /** The current webhook secret, then the previous one while it is rotated. */
  readonly secrets: readonly Secret[];
  readonly apiUrl: string;
  readonly deliveries: Deliveries;
  readonly commands: CommandPorts;
  readonly pino: Pino;
  /** Runs the work on one delivery, for example inside a scope that counts requests. */
  readonly around?: (work: () => Promise<DeliveryOutcome>) => Promise<DeliveryOutcome>;
}

export interface Webhooks {
  /** Answers `false` for a path that is not the webhooks' own. */
  readonly ingress: Ingress;
  /** Takes up what an earlier process left undone; call it once everything else works. */
  start(): Promise<void>;
  /** Resolves when every delivery taken so far was worked on. */
  idle(): Promise<void>;
  /** Stops working on deliveries; what is under way is finished. */
  close(): Promise<void>;
}

/** Ingress, store and Probot, composed. Throws when a webhook secret is missing or shorter than 32 characters. */
export async function openWebhooks(settings: WebhookSettings): Promise<Webhooks> {
  const { deliveries, commands, around } = settings;
  const secrets = settings.secrets.map((secret) => ({ secret }));
  checkSecrets(secrets);
  const probot = createProbot(settings);
  await probot.ready();
  const receive = listen(probot, commands);
  const processor = new DeliveryProcessor({
    deliveries,
    log: commands.log,
    receive: async (delivery, payload) => {
      if (around === undefined) return await receive(delivery, payload);
      return await around(async () => await receive(delivery, payload));
    },
  });
  const ingress = createIngress({
    path: WEBHOOK_PATH,
    secrets,
    deliveries,
    log: commands.log,
    accepted: (delivery: Delivery) => processor.accept(delivery),
  });
  return {
    ingress,
    start: async () => await processor.start(),
    idle: async () => await processor.idle(),
    close: async () => await processor.close(),
  };
}

/** Probot only receives: its server, its set-up pages and its own throttling and retries are never used. */
function createProbot({ app, secrets, apiUrl, pino }: WebhookSettings): Probot {
  return new Probot({
    appId: app.id,
    privateKey: app.privateKey.reveal(),
    secret: secrets[0]?.reveal() ?? "",
    baseUrl: apiUrl,
    log: pino,
    Octokit: ProbotOctokit.defaults((options: object) => ({
      ...options,
      throttle: { enabled: false },
      retry: { enabled: false },
    })),
  });
}
