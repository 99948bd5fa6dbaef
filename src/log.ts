import pino from "pino";
import type { Logger } from "./ports/stores.ts";

/** The app's log on standard error as JSON lines; `redact` takes live secrets out of every line. */
export function createLogger(
  level: string,
  redact: (text: string) => string,
): Logger & { readonly pino: pino.Logger } {
  const out = { write: (line: string) => void process.stderr.write(redact(line)) };
  const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, out);
  return {
    pino: log,
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
  };
}
