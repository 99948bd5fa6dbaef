import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "orchestrator-gateway-";
const SOCKET = "gw.sock";
/** A gateway that is being opened has a directory but no socket yet; this long it is left alone. */
const OPENING_MS = 60_000;

/** A private directory for one gateway, and the path of its socket: short, because a socket's path may not be long. */
export async function gatewayPlace(): Promise<{ dir: string; socketPath: string }> {
  const dir = await mkdtemp(join(tmpdir(), PREFIX));
  return { dir, socketPath: join(dir, SOCKET) };
}

/** Removes the directories of gateways whose process died without closing them. Gateways that answer are left alone. */
export async function sweepGateways(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names.filter((name) => name.startsWith(PREFIX))) {
    const dir = join(tmpdir(), name);
    if (await isAbandoned(dir)) await rm(dir, { recursive: true, force: true });
  }
}

async function isAbandoned(dir: string): Promise<boolean> {
  const info = await stat(dir).catch(() => undefined);
  if (!info || info.uid !== process.getuid?.()) return false;
  const answer = await knock(join(dir, SOCKET));
  if (answer === "ECONNREFUSED") return true;
  return answer === "ENOENT" && Date.now() - info.mtimeMs > OPENING_MS;
}

/** Connects and hangs up: "open", or the error's code. */
function knock(socketPath: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once("connect", () => {
      socket.destroy();
      resolve("open");
    });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
  });
}
