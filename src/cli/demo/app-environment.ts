import { createServer } from "node:net";
import { join } from "node:path";
import { CERTIFICATE_VARIABLES } from "../../agents/egress/certificates.ts";
import type { DemoModel } from "./model.ts";
import type { Stage } from "./stage.ts";

/**
 * All the environment the app of the demo gets: its settings, and of ours only what programs need to be found and to
 * trust this machine's registries.
 */
export function appEnvironment(parts: {
  stage: Stage;
  model: DemoModel;
  dataDir: string;
  port: number;
  processEnv: NodeJS.ProcessEnv;
}): Record<string, string> {
  const { stage, model, dataDir, port, processEnv } = parts;
  const { url } = stage.hub;
  const names = ["PATH", "HOME", "LANG", "TZ", ...CERTIFICATE_VARIABLES];
  const kept = names.flatMap((name) => {
    const value = processEnv[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    ...model.env,
    APP_ID: String(stage.app.id),
    PRIVATE_KEY: stage.app.privateKey,
    WEBHOOK_SECRET: stage.app.webhookSecret,
    HOST: "127.0.0.1",
    PORT: String(port),
    DATA_DIR: join(dataDir, "app"),
    LOG_LEVEL: "warn",
    GITHUB_API_URL: url,
    GITHUB_GIT_URL: url,
    GITHUB_WEB_URL: url,
    PLAN_APPROVAL: "never",
  };
}

/** A port that is free at this moment; the hub must know the app's address before the app runs. */
export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
