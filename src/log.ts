import type { Writable } from "node:stream";
import pino from "pino";
import type { Logger } from "./ports/stores.ts";

/** Bytes of log that may wait for a reader that does not read; what comes beyond is counted and dropped. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** The app's log on standard error as JSON lines; `redact` takes live secrets out of every line. */
export function createLogger(
  level: string,
  redact: (text: string) => string,
): Logger & { readonly pino: pino.Logger } {
  const write = lossyWriter(process.stderr);
  const out = { write: (line: string) => write(redact(line)) };
  const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, out);
  return {
    pino: log,
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
  };
}

const outlived = new WeakSet<Writable>();

/** From now on a reader of this stream that goes away ends nothing; it would end the whole process. */
export function outlive(stream: Writable): void {
  if (!outlived.has(stream)) stream.on("error", () => undefined);
  outlived.add(stream);
}

/**
 * Writes lines while somebody reads them. A reader that is slow costs at most the bytes that may wait, and is told how
 * many lines it missed; one that went away takes the log with it and not the app.
 */
function lossyWriter(stream: Writable): (line: string) => void {
  let missed = 0;
  outlive(stream);
  return (line) => {
    if (stream.writableLength > MAX_WAITING_BYTES) {
      missed += 1;
      return;
    }
    if (missed > 0) {
      const time = new Date().toISOString();
      stream.write(
        `${JSON.stringify({ level: 40, time, missed, msg: "The reader of this log was too slow: lines are missing" })}\n`,
      );
      missed = 0;
    }
    stream.write(line);
  };
}
