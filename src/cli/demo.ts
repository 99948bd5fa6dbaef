/** `npm run demo`: the whole main job on this machine, with no account and no key. */
import { UserError } from "../domain/failure.ts";
import { readArguments } from "./demo/arguments.ts";
import { runDemo } from "./demo/run-demo.ts";

try {
  process.exitCode = await runDemo(readArguments(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
