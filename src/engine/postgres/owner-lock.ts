import { stat } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { text } from "node:stream/consumers";
import { UserError } from "../../domain/failure.ts";

/**
 * Makes this process the only owner of a directory until it ends or calls the returned function. The lock is an
 * abstract unix socket named after the directory's inode: the kernel frees it when the process dies, so none is ever
 * stale. It does not reach across network namespaces.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const { dev, ino } = await stat(directory);
  const name = `\0backend-orchestrator-${dev}-${ino}`;
  const server = createServer((visitor) => {
    visitor.on("error", () => visitor.destroy());
    visitor.end(String(process.pid));
  });
  try {
    await listen(server, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    const holder = await askHolder(name);
    throw new UserError(
      `The data directory ${directory} is in use by ${holder}: stop that process, choose another directory or set DATABASE_URL.`,
    );
  }
  server.unref();
  return () =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
    });
}

function listen(server: Server, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(name, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function askHolder(name: string): Promise<string> {
  try {
    const socket = connect(name);
    socket.setTimeout(500, () => socket.destroy());
    const pid = await text(socket);
    return pid ? `process ${pid}` : "another process";
  } catch {
    return "another process";
  }
}
