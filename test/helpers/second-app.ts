import { chmod, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { appEnvironment, freePort } from "../../src/cli/demo/app-environment.ts";
import { foldRun } from "../../src/domain/run/fold.ts";
import type { RunView } from "../../src/domain/run/run.ts";
import { MANIFEST } from "../../src/manifest.ts";
import type { CreatedApp, LocalGitHub } from "../../src/playground/github/hub.ts";
import type { Stage } from "./stage.ts";
import { StageApp } from "./stage-app.ts";
import { Heard } from "./stage-heard.ts";
import { modelEnvironment, OWNER } from "./stage-hub.ts";
import { processesOf } from "./stage-processes.ts";

/** A second App on the hub, registered before either installation starts: each has to know the other's id. */
export async function registerSecond(
  hub: LocalGitHub,
  slug: string,
): Promise<{ readonly app: CreatedApp; readonly port: number }> {
  const port = await freePort();
  const app = hub.createApp({
    slug,
    owner: OWNER,
    permissions: MANIFEST.permissions,
    events: MANIFEST.events,
    webhookUrl: `http://127.0.0.1:${port}/api/github/webhooks`,
    webhookSecret: "another webhook secret of at least 32 characters",
  });
  await hub.install(slug, OWNER, "all");
  return { app, port };
}

/** A second installation of the product on the same GitHub and the same model. */
export class SecondApp {
  readonly heard: Heard;
  readonly #process: StageApp;
  readonly #dir: string;

  constructor(parts: { heard: Heard; process: StageApp; dir: string }) {
    this.heard = parts.heard;
    this.#process = parts.process;
    this.#dir = parts.dir;
  }

  /** The view of a run from what the app reported; undefined before it began. */
  view(runId: string): RunView | undefined {
    const own = this.heard.events.filter((one) => one.runId === runId).map(({ event }) => event);
    return own.length === 0 ? undefined : foldRun(own.toSorted((a, b) => a.seq - b.seq));
  }

  /** Stops it and removes what it stored; gives what is left of it. */
  async end(): Promise<{ exit: number | null; processes: number; errors: readonly string[] }> {
    const exit = await this.#process.stop();
    const processes = processesOf(this.#dir).length;
    await rm(this.#dir, { recursive: true, force: true });
    return { exit, processes, errors: this.heard.errors };
  }
}

export async function startSecond(
  stage: Stage,
  { app, port }: { readonly app: CreatedApp; readonly port: number },
  env: Readonly<Record<string, string>>,
): Promise<SecondApp> {
  const dir = join(stage.dir, "second");
  await mkdir(join(dir, "tmp"), { recursive: true, mode: 0o711 });
  await chmod(dir, 0o711);
  const heard = new Heard(stage.history);
  const { hub, model } = stage;
  const process = new StageApp(
    {
      ...appEnvironment({
        stage: {
          hub,
          repository: `${OWNER}/service`,
          app: { id: app.appId, privateKey: app.privateKeyPem, webhookSecret: app.webhookSecret },
          close: () => Promise.resolve(),
        },
        model: {
          scripted: true,
          task: "",
          env: modelEnvironment(model),
          close: () => Promise.resolve(),
        },
        dataDir: dir,
        port,
        processEnv: globalThis.process.env,
      }),
      LOG_LEVEL: "info",
      TMPDIR: join(dir, "tmp"),
      ...env,
    },
    heard,
  );
  await process.start();
  return new SecondApp({ heard, process, dir });
}
