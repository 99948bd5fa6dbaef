import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { appEnvironment, freePort } from "../src/cli/demo/app-environment.ts";
import { startAppProcess } from "../src/cli/demo/app-process.ts";
import { demoFolder } from "../src/cli/demo/preflight.ts";
import type { LedgerEvent } from "../src/domain/run/ledger-event.ts";
import { MANIFEST } from "../src/manifest.ts";
import { createLocalGitHub } from "../src/playground/github/create.ts";
import type { JournalEntry } from "../src/playground/github/http/journal.ts";
import type { LocalGitHub } from "../src/playground/github/hub.ts";
import { Happenings } from "./happenings.ts";
import { descendantsOf } from "./processes.ts";

/** One account with the app installed and one repository: every installation has a pace of its own. */
export interface Place {
  readonly repository: string;
  /** Who may command here; people take turns, because each has a quota. */
  readonly people: readonly string[];
}

/** A local GitHub with places, and what happens on it. */
export interface BenchStage {
  readonly folder: string;
  readonly hub: LocalGitHub;
  readonly places: readonly Place[];
  readonly slug: string;
  readonly app: {
    readonly id: number;
    readonly privateKey: string;
    readonly webhookSecret: string;
  };
  readonly appUrl: string;
  readonly appPort: number;
  /** Every request the local GitHub answered. */
  readonly requests: Happenings<JournalEntry>;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly places: number;
  readonly peopleEach: number;
  readonly files: Readonly<Record<string, string>>;
}

const SLUG = "backend-orchestrator";

export async function openStage(options: StageOptions): Promise<BenchStage> {
  const folder = await demoFolder(undefined);
  const hub = await createLocalGitHub({ dataDir: join(folder.path, "github") });
  const people = Array.from({ length: options.peopleEach }, (_, n) => `person-${n + 1}`);
  for (const login of people) hub.createUser({ login });
  const places = [];
  for (let n = 1; n <= options.places; n += 1)
    places.push(await openPlace(hub, { owner: `account-${n}`, people, files: options.files }));
  const appPort = await freePort();
  const appUrl = `http://127.0.0.1:${appPort}/api/github/webhooks`;
  const webhookSecret = randomBytes(32).toString("hex");
  const created = hub.createApp({
    slug: SLUG,
    owner: "account-1",
    permissions: MANIFEST.permissions,
    events: MANIFEST.events,
    webhookUrl: appUrl,
    webhookSecret,
  });
  await installEverywhere(hub, SLUG, places);
  return {
    folder: folder.path,
    hub,
    places,
    slug: SLUG,
    app: { id: created.appId, privateKey: created.privateKeyPem, webhookSecret },
    appUrl,
    appPort,
    requests: tap(hub),
    async close() {
      await hub.close();
      await folder.remove();
    },
  };
}

async function openPlace(
  hub: LocalGitHub,
  given: { owner: string; people: readonly string[]; files: Readonly<Record<string, string>> },
): Promise<Place> {
  const { owner, people, files } = given;
  hub.createOrganization({ login: owner, owners: people });
  await hub.createRepository({ owner, name: "service", from: files });
  return { repository: `${owner}/service`, people };
}

export async function installEverywhere(
  hub: LocalGitHub,
  slug: string,
  places: readonly Place[],
): Promise<void> {
  for (const { repository } of places) await hub.install(slug, ownerOf(repository), "all");
}

export function ownerOf(repository: string): string {
  return repository.split("/")[0] ?? "";
}

function tap(hub: LocalGitHub): Happenings<JournalEntry> {
  const happenings = new Happenings<JournalEntry>();
  const { journal } = hub;
  const add = journal.add.bind(journal);
  journal.add = (entry) => {
    happenings.record(entry);
    add(entry);
  };
  return happenings;
}

/** The app in a process of its own, as it runs in production, and the facts it appends. */
export interface BenchApp {
  readonly facts: Happenings<{ runId: string; event: LedgerEvent }>;
  /** False where there is no bubblewrap: the scripted agents then run without the jail. */
  readonly jailed: boolean;
  readonly pid: number;
  stop(): Promise<void>;
}

export async function startApp(
  stage: BenchStage,
  options: { modelUrl: string; env?: Readonly<Record<string, string>> },
): Promise<BenchApp> {
  const facts: BenchApp["facts"] = new Happenings();
  const ready = Promise.withResolvers<boolean>();
  const model = {
    scripted: true,
    task: "",
    close: () => Promise.resolve(),
    env: {
      MODEL_PROVIDER: "anthropic",
      MODEL_BASE_URL: `${options.modelUrl}/v1`,
      MODEL_API_KEY: "scripted-model-needs-no-key",
      DEMO_MODEL: "scripted",
    },
  };
  const shown = { ...stage, repository: stage.places[0]?.repository ?? "" };
  const env = appEnvironment({
    stage: shown,
    model,
    dataDir: stage.folder,
    port: stage.appPort,
    processEnv: process.env,
  });
  const allowed = stage.places.map(({ repository }) => ownerOf(repository)).join(",");
  const app = startAppProcess({
    env: { ...env, ALLOWED_OWNERS: allowed, ...options.env },
    onRestart: () => ready.reject(new Error("The app died while it was measured.")),
    onMessage(message) {
      if (message.type === "ready") ready.resolve(message.jailed);
      if (message.type === "refused") ready.reject(new Error(message.reason));
      if (message.type === "event") facts.record({ runId: message.runId, event: message.event });
    },
  });
  try {
    const jailed = await ready.promise;
    return { facts, jailed, pid: appPid(), stop: () => app.stop() };
  } catch (error) {
    await app.stop();
    throw error;
  }
}

/** The app's process: the one child of this one that runs the app's entry. */
function appPid(): number {
  const found = descendantsOf(process.pid).filter(
    ({ parent, command }) => parent === process.pid && command.includes("cli/demo-app.ts"),
  );
  const [app] = found;
  if (!app || found.length > 1) throw new Error(`Found ${found.length} processes of the app.`);
  return app.pid;
}
