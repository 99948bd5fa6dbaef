import { Readable, Writable } from "node:stream";
import { ndJsonStream } from "@agentclientprotocol/sdk/unstable";
import { NativeAgent } from "./acp-agent.ts";
import { readConfig } from "./config.ts";

/**
 * The native agent: an ACP agent over standard input and output. It runs inside the jail, works in the session's
 * directory, keeps its conversations under HOME and reaches models and tools only at the addresses it is given.
 */
async function main(): Promise<void> {
  Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });
  const config = readConfig(process.env);
  // It is for this program alone; what its commands do with Node is their own affair.
  delete process.env["NODE_COMPILE_CACHE"];
  const home = process.env["HOME"];
  if (!home) throw new Error("Set HOME to the state directory of this agent.");
  const native = new NativeAgent(config, home);
  const output = Writable.toWeb(process.stdout) as WritableStream<Uint8Array>;
  const input = Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>;
  const connection = native.app().connect(ndJsonStream(output, input));
  await connection.closed;
  native.close();
}

await main();
process.exit(0);
