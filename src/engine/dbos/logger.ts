import type { Logger } from "../../ports/stores.ts";

/** The part of DBOS's logger interface that it calls. */
export interface DbosLogger {
  debug(entry: unknown): void;
  info(entry: unknown): void;
  warn(entry: unknown): void;
  error(entry: unknown, metadata?: { stack?: string; error?: unknown }): void;
}

const WINDOW_MS = 10_000;
/** What DBOS warns of when a workflow was cancelled or taken over, as it should. */
const EXPECTED =
  /was cancelled during execution|no longer owned by this execution|Shutting down while/;

/**
 * Hands DBOS's messages to our logger, each kind of message at most once in ten seconds: while the database is away it
 * repeats itself many times a second.
 */
export function dbosLogger(log: Logger, now: () => number = Date.now): DbosLogger {
  const seen = new Map<string, { since: number; left: number }>();
  function say(level: keyof Logger, entry: unknown, fields: object = {}): void {
    const message = String(entry);
    const kind = `${level} ${message.slice(0, 60).replaceAll(/[0-9a-f-]{8,}|\d+/g, "#")}`;
    const last = seen.get(kind);
    if (last && now() - last.since < WINDOW_MS) {
      last.left += 1;
      return;
    }
    seen.set(kind, { since: now(), left: 0 });
    const repeated = last && last.left > 0 ? { repeated: last.left } : {};
    log[level]({ engine: "dbos", ...fields, ...repeated }, message);
  }
  return {
    debug: () => {},
    info: (entry) => {
      say("info", entry);
    },
    warn: (entry) => {
      say(EXPECTED.test(String(entry)) ? "info" : "warn", entry);
    },
    error: (entry, metadata) => {
      say(
        EXPECTED.test(String(entry)) ? "info" : "error",
        entry,
        metadata?.stack ? { stack: metadata.stack } : {},
      );
    },
  };
}
