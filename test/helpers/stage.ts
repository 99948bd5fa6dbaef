import { chmod, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { expect } from "vitest";
import { appEnvironment, freePort } from "../../src/cli/demo/app-environment.ts";
import type { CreatedApp, LocalGitHub } from "../../src/playground/github/hub.ts";
import type { Script } from "../../src/playground/scripted-model/script.ts";
import {
  type ScriptedModel,
  startScriptedModel,
} from "../../src/playground/scripted-model/server.ts";
import { StageApp } from "./stage-app.ts";
import { Heard, type Outcome } from "./stage-heard.ts";
import { History } from "./stage-history.ts";
import { modelEnvironment, OWNER, openHub, PEOPLE, watchRequests } from "./stage-hub.ts";
import { cleared, leftovers } from "./stage-leftovers.ts";
import { processesOf } from "./stage-processes.ts";
import { StageRun } from "./stage-run.ts";

export interface Asked {
  /** Also how the script of this run is found, so it must be unique on the stage and in no other title. */
  readonly title: string;
  readonly body?: string;
  readonly command?: string;
  readonly script: Script;
  readonly repository?: string;
}

interface Parts {
  readonly dir: string;
  readonly hub: LocalGitHub;
  readonly app: CreatedApp;
  readonly installationId: number;
  readonly model: ScriptedModel;
  readonly history: History;
  readonly heard: Heard;
}

/** The whole product between a GitHub of its own and a model that follows a script, driven by signed webhooks. */
export class Stage {
  readonly hub: LocalGitHub;
  readonly history: History;
  readonly model: ScriptedModel;
  readonly appIdentity: CreatedApp;
  readonly installationId: number;
  readonly process: StageApp;
  /** Where the app takes deliveries. */
  readonly webhookUrl: string;
  readonly dir: string;
  readonly #heard: Heard;
  readonly #scripts: Map<string, Script>;
  #ended = false;

  constructor(
    parts: Parts,
    rest: { process: StageApp; webhookUrl: string; scripts: Map<string, Script> },
  ) {
    this.dir = parts.dir;
    this.hub = parts.hub;
    this.history = parts.history;
    this.model = parts.model;
    this.appIdentity = parts.app;
    this.installationId = parts.installationId;
    this.process = rest.process;
    this.webhookUrl = rest.webhookUrl;
    this.#heard = parts.heard;
    this.#scripts = rest.scripts;
  }

  /** Makes a repository with these files, which the app is installed on. Gives `owner/name`. */
  async addRepository(name: string, files: Readonly<Record<string, string>>): Promise<string> {
    await this.hub.createRepository({ owner: OWNER, name, from: files });
    const repository = `${OWNER}/${name}`;
    this.hub.setCollaborator(repository, PEOPLE.reviewer, "write");
    this.hub.setCollaborator(repository, PEOPLE.outsider, "read");
    return repository;
  }

  /** Alice opens an issue and, when a command is given, comments it. */
  async ask(asked: Asked): Promise<StageRun> {
    const { title, script, repository = `${OWNER}/service`, body = "", command } = asked;
    this.#scripts.set(title, script);
    const alice = this.hub.as(PEOPLE.requester);
    const { number } = await alice.openIssue(repository, { title, body });
    if (command !== undefined) await alice.comment(repository, number, command);
    return new StageRun(this, { repository, issue: number, title });
  }

  /** The runs on an issue or pull request that somebody else opened. */
  runOn(of: { repository: string; issue: number; title: string }): StageRun {
    return new StageRun(this, of);
  }

  /** Events that the app reported, in the order in which it did; a killed app may have kept its last ones to itself. */
  get events(): Heard["events"] {
    return this.#heard.events;
  }

  /** Every line that the app wrote. */
  get log(): readonly string[] {
    return this.#heard.lines;
  }

  /** What the app said became of deliveries. */
  get outcomes(): readonly Outcome[] {
    return this.#heard.outcomes;
  }

  /** Waits until the app has finished its work on a delivery. */
  outcomeOf(guid: string): Promise<Outcome> {
    return this.history.until(`delivery ${guid} was worked on`, () =>
      this.#heard.outcomes.find(({ id }) => id === guid),
    );
  }

  /** The guid under which the app was told of a comment. */
  deliveryOf(commentId: number, action = "created"): string {
    const { appId } = this.appIdentity;
    const delivery = this.hub.webhooks
      .log()
      .find(
        (one) =>
          one.appId === appId &&
          one.event === "issue_comment" &&
          one.action === action &&
          JSON.parse(one.requestBody).comment.id === commentId,
      );
    if (!delivery) throw new Error(`The app was not told of comment ${commentId}.`);
    return delivery.guid;
  }

  /** Somebody comments; resolves when the app has finished its work on it. */
  async say(
    who: string,
    where: { repository: string; issue: number },
    body: string,
  ): Promise<{ commentId: number; outcome: Outcome }> {
    const comment = await this.hub.as(who).comment(where.repository, where.issue, body);
    const outcome = await this.outcomeOf(this.deliveryOf(comment.id));
    return { commentId: comment.id, outcome };
  }

  /** The app's database, for looking. */
  async query<T>(statement: string, values: readonly unknown[] = []): Promise<T[]> {
    const cluster = join(this.dir, "app", "postgres", "cluster");
    const lines = (await readFile(join(cluster, "postmaster.pid"), "utf8")).split("\n");
    const client = new Client({
      host: lines[4]?.trim() ?? "",
      user: "orchestrator",
      database: "postgres",
    });
    await client.connect();
    try {
      return (await client.query(statement, [...values])).rows as T[];
    } finally {
      await client.end();
    }
  }

  /** Stops everything and removes it. Fails when anything of ours is left, or something broke unnoticed. */
  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    const { hub, model, process, dir } = this;
    try {
      // What is looked for afterwards is there before: the app and its database.
      expect(processesOf(dir).length, "processes of the app").toBeGreaterThan(2);
      await cleared(dir);
      const exit = await process.stop();
      expect({ exit, ...(await leftovers(this)) }, this.history.text()).toEqual({
        exit: 0,
        processes: [],
        workFolders: [],
        temporary: [],
        tokens: 0,
        invented: [],
      });
      expect(this.#heard.errors, "errors in the app's log").toEqual([]);
    } finally {
      await process.kill();
      await hub.close();
      await model.close();
      await rm(dir, { recursive: true, force: true });
    }
  }

  /** Takes errors that a test provoked out of those that fail the stage; gives how many there were. */
  expectErrors(pattern: RegExp): number {
    const kept = this.#heard.errors.filter((line) => !pattern.test(line));
    const taken = this.#heard.errors.length - kept.length;
    this.#heard.errors = kept;
    return taken;
  }
}

/** Sets a stage with one repository, `acme/service`, and starts the app. */
export async function openStage(options: {
  files: Readonly<Record<string, string>>;
  env?: Readonly<Record<string, string>>;
  /** Prepares the hub before the app starts; gives more of its environment. */
  prepare?: (hub: LocalGitHub, app: CreatedApp) => Promise<Readonly<Record<string, string>>>;
}): Promise<Stage> {
  const dir = await mkdtemp(join(tmpdir(), "stage-"));
  // The database and the jailed agents run as users of their own below it.
  await chmod(dir, 0o711);
  await mkdir(join(dir, "tmp"), { mode: 0o711 });
  const history = new History();
  const heard = new Heard(history);
  const scripts = new Map<string, Script>();
  const model = await startScriptedModel({
    script: (turn) => playing(scripts, turn.prompt)?.(turn),
  });
  const port = await freePort();
  const webhookUrl = `http://127.0.0.1:${port}/api/github/webhooks`;
  const { hub, app, installationId } = await openHub(join(dir, "hub"), webhookUrl);
  watchRequests(hub, history);
  const env = {
    ...appEnvironment({
      stage: {
        hub,
        repository: `${OWNER}/service`,
        app: { id: app.appId, privateKey: app.privateKeyPem, webhookSecret: app.webhookSecret },
        close: () => hub.close(),
      },
      model: { scripted: true, task: "", env: modelEnvironment(model), close: () => model.close() },
      dataDir: dir,
      port,
      processEnv: process.env,
    }),
    LOG_LEVEL: "info",
    TMPDIR: join(dir, "tmp"),
    ...options.env,
    ...(await options.prepare?.(hub, app)),
  };
  const child = new StageApp(env, heard);
  const parts: Parts = { dir, hub, app, installationId, model, history, heard };
  const stage = new Stage(parts, { process: child, webhookUrl, scripts });
  await stage.addRepository("service", options.files);
  await child.start();
  return stage;
}

function playing(scripts: ReadonlyMap<string, Script>, prompt: string): Script | undefined {
  return [...scripts].find(([title]) => prompt.includes(title))?.[1];
}
