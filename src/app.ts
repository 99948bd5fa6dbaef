import { join } from "node:path";
import { profileNamed, profileNames } from "./agents/acp/profiles.ts";
import { type AcpAgents, acpAgents } from "./agents/acp/runner.ts";
import { createDefinitions } from "./agents/definitions/definitions.ts";
import { createProfiles } from "./agents/definitions/repo-config-file.ts";
import type { RepositoryReader } from "./agents/definitions/repository-definitions.ts";
import { openCommandEgress } from "./agents/egress/command-egress.ts";
import { createInstructor } from "./agents/instructor.ts";
import { forecastPrice } from "./agents/model-gateway/forecast-price.ts";
import { UserError } from "./domain/failure.ts";
import { DispatchId, type RunId } from "./domain/ids.ts";
import { Limits } from "./domain/limits.ts";
import type { LedgerEvent } from "./domain/run/ledger-event.ts";
import { DbosEngine } from "./engine/dbos/engine.ts";
import { type Connection, connect } from "./github/connect.ts";
import type { LiveSecrets } from "./github/live-secrets.ts";
import { inRequestScope } from "./github/request-count.ts";
import { createLogger } from "./log.ts";
import { type Machine, PACKAGE_DIR } from "./machine.ts";
import type { Engine, Steps } from "./ports/engine.ts";
import type { Ledger } from "./ports/stores.ts";
import type { Workspaces } from "./ports/workspaces.ts";
import { type RunningServer, startServer } from "./server.ts";
import type { Settings } from "./settings.ts";
import { openStorage, type Storage } from "./storage.ts";
import { cleanUpAfterPredecessor, startHeartbeats, startUpkeep } from "./upkeep.ts";
import type { RunPorts } from "./workflow/context.ts";
import { Control } from "./workflow/control/control.ts";
import { orchestrate, RUN } from "./workflow/orchestrate.ts";
import { dispatch } from "./workflow/phases/dispatch.ts";
import { DISPATCH } from "./workflow/phases/dispatch-input.ts";
import { CommentPublisher } from "./workflow/publish/status.ts";
import { createWorkspaces } from "./workspaces/workspaces.ts";

export interface ApplicationOptions {
  /** Called for every fact that this process appends, after it is stored. */
  readonly onEvent?: (runId: RunId, event: LedgerEvent) => void;
}

export interface Application {
  /** Where GitHub sends its webhooks and people find health and metrics. */
  readonly url: string;
  readonly engine: Engine;
  readonly storage: Storage;
  readonly connection: Connection;
  /** Stops taking work and closes everything; runs under way continue at the next start. */
  stop(): Promise<void>;
}

const STATUS_EDIT_MS = 5_000;

/** Composes the whole app on one machine and starts it. Rejects with a `UserError` when it must not start. */
export async function startApplication(
  settings: Settings,
  machine: Machine,
  options: ApplicationOptions = {},
): Promise<Application> {
  const live: { secrets?: LiveSecrets } = {};
  function redact(text: string): string {
    return live.secrets?.redact(text) ?? text;
  }
  const log = createLogger(settings.server.logLevel, redact);
  const { dataDir, databaseUrl } = settings;
  const storage = await openStorage({ databaseUrl, dataDir, log, redact });
  try {
    const connection = connectGitHub(settings, storage, log);
    live.secrets = connection.live;
    const ledger = announced(storage.ledger, options.onEvent);
    const { slug, owner } = await connection.whoAmI();
    const base = { settings, storage, log, redact };
    const engine = createEngine(base);
    const ports = runPorts({ ...base, machine, connection, ledger, slug, engine });
    register(engine, ports, storage);
    const control = new Control({
      ...ports,
      engine,
      webUrl: settings.github.webUrl,
      orchestrator: settings.orchestrators.name,
      wakeAgent: (dispatchId) => ports.agents.wake(DispatchId.parse(dispatchId)),
    });
    const care = { storage, connection, log, workspacesDir: workspacesDir(settings) };
    await cleanUpAfterPredecessor(care);
    await engine.launch();
    const server = await startServer({ settings, storage, connection, control, owner, log });
    for (const run of await storage.runs.allLive()) ports.status.touch(run.runId);
    const { workspaces } = ports;
    const upkeep = startUpkeep({ ...care, engine, workspaces, keepDays: settings.keepDays });
    const heartbeats = startHeartbeats({ ...ports, engine }, log);
    return {
      url: server.url,
      engine,
      storage,
      connection,
      stop: () => {
        upkeep.stop();
        heartbeats.stop();
        return stopAll({ server, engine, ports, connection, storage });
      },
    };
  } catch (error) {
    await storage.close();
    throw error;
  }
}

function workspacesDir(settings: Settings): string {
  return join(settings.dataDir, "workspaces");
}

type Log = ReturnType<typeof createLogger>;

/** Pushes of one round of tasks follow each other within seconds. */
const TOKEN_IDLE_MS = 10_000;

function connectGitHub(settings: Settings, storage: Storage, log: Log): Connection {
  const { app, github, model } = settings;
  return connect({
    app: { id: app.id, privateKey: app.privateKey },
    client: { apiUrl: github.apiUrl, log },
    effects: storage.effects,
    counts: storage.counts,
    issued: storage.issued,
    secrets: [...app.webhookSecrets, model.apiKey, settings.databaseUrl].filter(
      (secret) => secret !== undefined,
    ),
    tokenIdleMs: TOKEN_IDLE_MS,
  });
}

interface Base {
  readonly settings: Settings;
  readonly storage: Storage;
  readonly log: Log;
  readonly redact: (text: string) => string;
}

interface Parts extends Base {
  readonly machine: Machine;
  readonly connection: Connection;
  readonly ledger: Ledger;
  readonly engine: Engine;
  /** The app's own name at GitHub; commits are by its bot account. */
  readonly slug: string;
}

interface Ports extends RunPorts {
  readonly agents: AcpAgents;
  readonly status: CommentPublisher;
}

function runPorts(parts: Parts): Ports {
  const { settings, storage, connection, ledger, log, engine } = parts;
  const workspaces = openWorkspaces(parts);
  const reader: RepositoryReader = {
    readFile: (repo, sha, path) => workspaces.readFile(repo, sha, path),
    listFiles: (repo, sha, under) => workspaces.listFiles(repo, sha, under),
  };
  const definitions = createDefinitions({ packageDir: PACKAGE_DIR, ...reader });
  const { github } = connection;
  const { runs, questions } = storage;
  const status = new CommentPublisher({
    ledger,
    github,
    runs,
    engine,
    log,
    webUrl: settings.github.webUrl,
    everyMs: STATUS_EDIT_MS,
  });
  return {
    ledger,
    runs,
    questions,
    github,
    workspaces,
    definitions,
    profiles: createProfiles(reader),
    instructor: createInstructor({ definitions, readFile: reader.readFile }),
    agents: openAgents(parts),
    log,
    status,
    limits: limitsOf(settings),
    durations: storage.durations,
    priceOf: (model, tokens) => forecastPrice(settings.model, model, tokens),
    planApproval: settings.planApproval,
  };
}

function limitsOf(settings: Settings): Limits {
  const { wallMs, idleMs, maxTokens, questionDays, reminderDays } = settings.limits;
  const { budgetUsd, maxMinutes } = settings.limits;
  return Limits.parse({
    wallMs,
    idleMs,
    maxTokens,
    questionDays,
    reminderDays,
    ...(budgetUsd === undefined ? {} : { maxUsd: budgetUsd }),
    ...(maxMinutes === undefined ? {} : { maxMinutes }),
  });
}

function openWorkspaces({ settings, machine, connection, redact, slug }: Parts): Workspaces {
  return createWorkspaces({
    dataDir: workspacesDir(settings),
    gitBaseUrl: settings.github.gitUrl,
    tokens: connection.tokens,
    jail: machine.jail,
    identity: {
      name: `${slug}[bot]`,
      email: `${settings.app.id}+${slug}[bot]@users.noreply.github.com`,
    },
    env: { PATH: machine.path },
    redact,
    openEgress: () =>
      openCommandEgress({
        egress: machine.egress,
        node: process.execPath,
        packageDir: PACKAGE_DIR,
        compiled: machine.compiled.folder(),
      }),
  });
}

function openAgents({ settings, machine }: Parts): AcpAgents {
  const profile = profileNamed(settings.agentProfile);
  if (!profile)
    throw new UserError(
      `AGENT_PROFILE names ${settings.agentProfile}; use one of ${profileNames().join(", ")}.`,
    );
  const { toolchains, jail, compiled } = machine;
  return acpAgents({
    account: settings.model,
    profile,
    egress: machine.egress,
    path: toolchains.path.join(":"),
    node: process.execPath,
    packageDir: PACKAGE_DIR,
    compiled,
    jail,
  });
}

function createEngine({ settings, storage, log, redact }: Base): Engine {
  const { dispatchesPerWorker, dispatchesPerRepository } = settings.limits;
  const limits = {
    perPartition: dispatchesPerRepository,
    ...(dispatchesPerWorker > 0 ? { perWorker: dispatchesPerWorker } : {}),
  };
  const { database, exclusive } = storage;
  return new DbosEngine({ database, log, exclusive, limits, redact });
}

function register(engine: Engine, ports: Ports, storage: Storage): void {
  engine.register(RUN, (steps, input) =>
    orchestrate(counted(steps, storage, input.runId), ports, input),
  );
  engine.register(DISPATCH, (steps, input) =>
    dispatch(counted(steps, storage, input.runId), ports, input),
  );
}

/** Steps whose requests to GitHub are counted for their run. */
function counted(steps: Steps, storage: Storage, runId: RunId): Steps {
  const owner = { counts: storage.counts, runId };
  return {
    step: (name, fn) => steps.step(name, (signal) => inRequestScope(owner, () => fn(signal))),
    waitFor: (topic, options) => steps.waitFor(topic, options),
    sleep: (ms) => steps.sleep(ms),
    startChild: (child, options) => steps.startChild(child, options),
  };
}

function announced(ledger: Ledger, onEvent: ApplicationOptions["onEvent"]): Ledger {
  if (!onEvent) return ledger;
  return {
    read: (runId, after) => ledger.read(runId, after),
    async append(runId, key, fact) {
      const event = await ledger.append(runId, key, fact);
      onEvent(runId, event);
      return event;
    },
  };
}

async function stopAll(parts: {
  server: RunningServer;
  engine: Engine;
  ports: Ports;
  connection: Connection;
  storage: Storage;
}): Promise<void> {
  await parts.server.close();
  await parts.engine.close();
  await parts.ports.status.close();
  await parts.connection.tokens.close();
  await parts.storage.close();
}
