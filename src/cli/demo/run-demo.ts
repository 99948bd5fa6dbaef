import { UserError } from "../../domain/failure.ts";
import { foldRun } from "../../domain/run/fold.ts";
import type { LedgerEvent } from "../../domain/run/ledger-event.ts";
import { type RunView, TERMINAL_STATES } from "../../domain/run/run.ts";
import { stateSentence } from "../../reports/state.ts";
import { appEnvironment, freePort } from "./app-environment.ts";
import { type AppMessage, startAppProcess } from "./app-process.ts";
import type { DemoArguments } from "./arguments.ts";
import { type DemoModel, demoModel } from "./model.ts";
import { demoFolder, preflight } from "./preflight.ts";
import { progressLine } from "./progress.ts";
import { PEOPLE, type Stage, setStage } from "./stage.ts";
import { summaryOf } from "./summary.ts";

/** Sets the stage, starts the app, lets a person comment, shows what happens; gives the exit code. */
export async function runDemo(args: DemoArguments): Promise<number> {
  await preflight(args);
  const cleaning = new AsyncDisposableStack();
  try {
    return await show(args, cleaning);
  } finally {
    await cleaning.disposeAsync();
  }
}

/** Whatever is opened is put on the stack at once, so that every way out of here closes it, the last one first. */
async function show(args: DemoArguments, cleaning: AsyncDisposableStack): Promise<number> {
  const { repo, task, broken, sample, port } = args;
  const model = await demoModel({ env: process.env, repo, task, broken, sample });
  cleaning.defer(() => model.close());
  const folder = await demoFolder(args.data);
  cleaning.defer(() => folder.remove());
  const appPort = await freePort();
  const appUrl = `http://127.0.0.1:${appPort}/api/github/webhooks`;
  const stage = await setStage({ dataDir: folder.path, port, appUrl, repo, sample });
  cleaning.defer(() => stage.close());
  const screen = new Screen(args, stage);
  const app = startAppProcess({
    env: appEnvironment({
      stage,
      model,
      dataDir: folder.path,
      port: appPort,
      processEnv: process.env,
    }),
    onMessage: (message) => {
      screen.hear(message);
      if (message.type === "ready" && screen.runId !== undefined) app.replay(screen.runId);
    },
    onRestart: () => screen.say("the app died and is started again"),
  });
  cleaning.defer(() => app.stop());
  await screen.ready;
  screen.addresses(await openIssue(stage, model, args));
  const view = await screen.ended;
  if (!args.once) await screen.untilInterrupted();
  return finish(args, stage, view);
}

async function openIssue(stage: Stage, model: DemoModel, args: DemoArguments): Promise<number> {
  const requester = stage.hub.as(PEOPLE.requester);
  const sample = args.repo === undefined && args.task === undefined;
  const issue = await requester.openIssue(stage.repository, {
    title: sample
      ? "Let clients register assets"
      : (model.task.split("\n")[0]?.slice(0, 100) ?? "A task"),
    body: sample ? SAMPLE_ISSUE : model.task,
  });
  await requester.comment(stage.repository, issue.number, `/orchestrate ${model.task}`);
  return issue.number;
}

const SAMPLE_ISSUE = `Clients can list assets, but they cannot register new ones.

- [ ] \`POST /api/assets\` stores a valid asset and answers 201 with it, its id and its time
- [ ] what is not valid is refused with the reason for every wrong field
- [ ] an asset is stored once: the same kind and identifier again is refused with 409
`;

function finish(args: DemoArguments, stage: Stage, view: RunView): number {
  const requests = stage.hub.journal.counts?.();
  if (args.json)
    process.stdout.write(
      `${JSON.stringify(summaryOf(view, { address: stage.hub.url, repository: stage.repository, requests }))}\n`,
    );
  return view.state === "complete" ? 0 : 1;
}

/** What the person at the terminal sees, and what the demo waits for. */
class Screen {
  readonly #args: DemoArguments;
  readonly #stage: Stage;
  /** The last end that was said; the same is not said twice. */
  #said: string | undefined;
  readonly #events = new Map<number, LedgerEvent>();
  readonly #ready = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<RunView>();
  #first: string | undefined;

  constructor(args: DemoArguments, stage: Stage) {
    this.#args = args;
    this.#stage = stage;
  }

  /** The app listens. Rejects with what it needs when it refuses to start. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** The first run has come to its end. */
  get ended(): Promise<RunView> {
    return this.#ended.promise;
  }

  /** The run that is shown; undefined before it has begun. */
  get runId(): string | undefined {
    return this.#first;
  }

  hear(message: AppMessage): void {
    if (message.type === "refused") this.#ready.reject(new UserError(message.reason));
    if (message.type === "ready") this.#isReady(message.jailed);
    if (message.type === "event") this.#saw(message.runId, message.event);
  }

  say(text: string): void {
    const out = this.#args.json ? process.stderr : process.stdout;
    out.write(`${text}\n`);
  }

  addresses(issue: number): void {
    const { url } = this.#stage.hub;
    this.say(`\n  issue      ${url}/${this.#stage.repository}/issues/${issue}`);
    this.say(`  repository ${url}/${this.#stage.repository}`);
    this.say(`  clone      git clone ${url}/${this.#stage.repository}.git`);
    this.say(`  people     ${Object.values(PEOPLE).join(", ")}: choose on the page who you are\n`);
  }

  /** Keeps serving until Ctrl-C. */
  untilInterrupted(): Promise<void> {
    this.say(
      `\nStill serving at ${this.#stage.hub.url}. Comment there yourself; Ctrl-C ends the demo.`,
    );
    return new Promise((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
    });
  }

  #isReady(jailed: boolean): void {
    if (!jailed)
      this.say(
        "NOTE: there is no working bubblewrap here, so the scripted agents run without the jail. A real model would be refused.",
      );
    this.#ready.resolve();
  }

  #saw(runId: string, event: LedgerEvent): void {
    this.#first ??= runId;
    if (runId !== this.#first || this.#events.has(event.seq)) return;
    this.#events.set(event.seq, event);
    const ordered = [...this.#events.values()].sort((a, b) => a.seq - b.seq);
    const line = progressLine(event, Date.parse(ordered[0]?.at ?? event.at));
    if (line !== undefined) this.say(line);
    if (ordered[0]?.fact.type !== "run-started") return;
    const view = foldRun(ordered);
    const state = stateSentence(view);
    if (!this.#isOver(view)) {
      this.#said = undefined;
      return;
    }
    if (state !== this.#said) this.say(`\n${state}`);
    this.#said = state;
    this.#ended.resolve(view);
  }

  /** With --once there is nobody to answer a question: the run stops where it needs a person. */
  #isOver(view: RunView): boolean {
    if (TERMINAL_STATES.includes(view.state)) return true;
    return this.#args.once && view.state === "waiting" && view.wait?.for === "person";
  }
}
