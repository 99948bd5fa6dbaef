import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, constants, openSync } from "node:fs";
import { rm } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { giveTo, type Owner } from "./own-directory.ts";

const run = promisify(execFile);

/** Standard streams of a child as real pipes, so that `/dev/stderr` and its like can be opened by the child. */
export interface Pipes {
  /** For the child, in the order stdin, stdout, stderr. */
  readonly childEnds: readonly [number, number, number];
  readonly stdin: Socket;
  readonly stdout: Socket;
  readonly stderr: Socket;
  /** Our copies of the child's ends; to be closed as soon as the child has started. */
  closeChildEnds(): void;
}

/** Makes three pipes in `dir`, which must be ours; nothing of them stays there. */
export async function openPipes(
  dir: string,
  env: Readonly<Record<string, string>>,
  owner: Owner | undefined,
): Promise<Pipes> {
  const id = randomUUID();
  const names = ["in", "out", "err"].map((name) => join(dir, `${id}.${name}`));
  const [input = "", output = "", errors = ""] = names;
  await run("mkfifo", ["-m", "600", "--", ...names], { env: { ...env } });
  try {
    for (const name of names) await giveTo(name, owner);
    const toChild = openInput(input);
    const fromOut = openOutput(output);
    const fromErr = openOutput(errors);
    const childEnds = [toChild.child, fromOut.child, fromErr.child] as const;
    return {
      childEnds,
      stdin: quiet(new Socket({ fd: toChild.ours, readable: false, writable: true })),
      stdout: quiet(new Socket({ fd: fromOut.ours, readable: true, writable: false })),
      stderr: quiet(new Socket({ fd: fromErr.ours, readable: true, writable: false })),
      closeChildEnds: () => {
        for (const end of childEnds) closeSync(end);
      },
    };
  } finally {
    for (const name of names) await rm(name, { force: true });
  }
}

function openInput(path: string): { child: number; ours: number } {
  // A pipe opened for both never blocks; with it held, each end opens at once.
  const both = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const child = openSync(path, constants.O_RDONLY);
  const ours = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  closeSync(both);
  return { child, ours };
}

function openOutput(path: string): { child: number; ours: number } {
  const ours = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const child = openSync(path, constants.O_WRONLY);
  return { child, ours };
}

/** A child that ends early breaks its pipe; its exit code tells that, so the stream's error need not. */
function quiet(socket: Socket): Socket {
  socket.on("error", () => undefined);
  return socket;
}
