import { z } from "zod";
import type { AppMessage } from "../../src/cli/demo/app-process.ts";
import type { LedgerEvent } from "../../src/domain/run/ledger-event.ts";
import type { AppListener } from "./stage-app.ts";
import type { History } from "./stage-history.ts";

/** What became of one delivery, in the app's own words. */
export interface Outcome {
  readonly id: string;
  readonly state: string;
  readonly reason: string;
}

/** Facts that come by the dozen and tell nobody where a run stands. */
const QUIET_FACTS = new Set(["loaded", "skills-required"]);

const LogLine = z.looseObject({
  level: z.number(),
  msg: z.string().default(""),
  id: z.string().optional(),
  state: z.string().optional(),
  reason: z.string().optional(),
});

/** What the app said so far, over its channel and in its log. */
export class Heard implements AppListener {
  /** In the order in which they were reported; a killed app may have kept its last ones to itself. */
  readonly events: { readonly runId: string; readonly event: LedgerEvent }[] = [];
  readonly outcomes: Outcome[] = [];
  /** Every line of the log and of standard output. */
  readonly lines: string[] = [];
  /** Lines of the log that say that something is broken. */
  errors: string[] = [];
  readonly #history: History;

  constructor(history: History) {
    this.#history = history;
  }

  message(message: AppMessage): void {
    if (message.type !== "event") return this.#history.note(`app     ${JSON.stringify(message)}`);
    const { runId, event } = message;
    this.events.push({ runId, event });
    if (QUIET_FACTS.has(event.fact.type)) this.#history.heard();
    else this.#history.note(`ledger  ${runId} #${event.seq} ${factText(event)}`);
  }

  line(line: string): void {
    this.lines.push(line);
    const read = readLogLine(line);
    const worked = read?.msg === "A delivery was worked on";
    if (read === undefined || read.level >= ERROR) this.errors.push(line);
    if (worked) {
      const { id = "", state = "", reason = "" } = read;
      this.outcomes.push({ id, state, reason });
    }
    if (read?.level === INFO && (!worked || read.reason?.startsWith("nothing listens")))
      return this.#history.heard();
    this.#history.note(`log     ${line.slice(0, 400)}`);
  }

  exited(code: number | null, signal: string | null): void {
    this.#history.note(`app     exited with ${code ?? signal}`);
  }
}

const INFO = 30;
const ERROR = 50;

function factText({ fact }: LedgerEvent): string {
  return JSON.stringify(fact).slice(0, 160);
}

function readLogLine(line: string): z.infer<typeof LogLine> | undefined {
  try {
    return LogLine.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
