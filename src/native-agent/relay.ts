import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { constants } from "node:os";
import { dirname, resolve } from "node:path";

/**
 * `node relay.ts PORT SOCKET -- command args...`: listens on 127.0.0.1:PORT, connects every connection to the unix
 * socket, starts the command, and ends with its exit code. It is the only way out of the jail. `RELAY_FILES` (JSON, path
 * under HOME to content) are written first: here, because the host must not write where an agent may have put links.
 */
async function main(argv: readonly string[]): Promise<void> {
  const [port, socketPath, dashes, command, ...args] = argv;
  if (!port || !socketPath || dashes !== "--" || !command) {
    process.stderr.write("Usage: relay.ts PORT SOCKET -- command [args...]\n");
    process.exit(64);
  }
  writeFiles(process.env["RELAY_FILES"] ?? "{}", process.env["HOME"] ?? ".");
  delete process.env["RELAY_FILES"];
  // It is for this program alone; what the command does with Node is its own affair.
  delete process.env["NODE_COMPILE_CACHE"];
  const server = await listen(Number(port), socketPath);
  const child = spawn(command, args, { stdio: "inherit" });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(signal, () => void child.kill(signal));
  }
  child.on("error", (error) => {
    process.stderr.write(`Cannot start ${command}: ${error.message}\n`);
    process.exit(127);
  });
  child.on("exit", (code, signal) => {
    server.close();
    process.exit(code ?? 128 + constants.signals[signal ?? "SIGKILL"]);
  });
}

function writeFiles(json: string, home: string): void {
  for (const [path, content] of Object.entries(JSON.parse(json) as Record<string, string>)) {
    const file = resolve(home, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

function listen(port: number, socketPath: string): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (inside) =>
    forward(inside, socketPath),
  );
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

function forward(inside: Socket, socketPath: string): void {
  const outside = connect({ path: socketPath, allowHalfOpen: true });
  inside.pipe(outside);
  outside.pipe(inside);
  inside.on("error", () => outside.destroy());
  outside.on("error", () => inside.destroy());
  inside.on("close", () => outside.destroy());
  outside.on("close", () => inside.destroy());
}

await main(process.argv.slice(2));
