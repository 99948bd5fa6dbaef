import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { freePort } from "../src/cli/demo/app-environment.ts";
import { within } from "./measure.ts";
import { type BenchStage, installEverywhere } from "./stage.ts";

/** The bare Probot app, running, with what deliveries to it need. */
export interface BareApp {
  readonly slug: string;
  readonly appId: number;
  readonly url: string;
  readonly secret: string;
  /** Milliseconds that one request (a reaction that is there already) takes from that process. */
  floor(asked: { owner: string; repo: string; comment: number }): Promise<number>;
  stop(): Promise<void>;
}

const SLUG = "bare-probot";

/** Installs the baseline app on every place and starts it. */
export async function startBareApp(stage: BenchStage): Promise<BareApp> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/api/github/webhooks`;
  const created = stage.hub.createApp({
    slug: SLUG,
    owner: "account-1",
    permissions: { issues: "write", metadata: "read" },
    events: ["issue_comment"],
    webhookUrl: url,
    webhookSecret: stage.app.webhookSecret,
  });
  await installEverywhere(stage.hub, SLUG, stage.places);
  const settings = {
    appId: created.appId,
    privateKey: created.privateKeyPem,
    secret: created.webhookSecret,
    apiUrl: stage.hub.url,
    port,
  };
  const entry = fileURLToPath(new URL("bare-probot.ts", import.meta.url));
  const child = spawn(process.execPath, [entry, JSON.stringify(settings)], {
    env: { PATH: process.env["PATH"], NODE_ENV: "production" },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  function told(): Promise<{ took?: number; failed?: string }> {
    const message = new Promise<{ took?: number; failed?: string }>((resolve, reject) => {
      child.once("message", (value) => resolve(value as { took?: number }));
      void gone.then(() => reject(new Error("The bare Probot app ended.")));
    });
    return within(message, "a word of the bare Probot app");
  }
  await told();
  return {
    slug: SLUG,
    appId: created.appId,
    url,
    secret: created.webhookSecret,
    async floor(asked) {
      const answer = told();
      child.send(asked);
      const { took, failed } = await answer;
      if (took === undefined) throw new Error(failed ?? "no answer");
      return took;
    },
    async stop() {
      child.kill("SIGKILL");
      await gone;
    },
  };
}
