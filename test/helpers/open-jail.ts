import { spawn } from "node:child_process";
import type { Jail, JailedProcess } from "../../src/ports/jail.ts";

/** A jail without walls for tests of what runs inside: a plain process group with the environment of the spec alone. */
export function openJail(): Jail {
  return {
    selfTest: () => Promise.resolve({ ok: true }),
    spawn: (spec) => {
      const [command = "", ...args] = spec.argv;
      const child = spawn(command, args, { cwd: spec.cwd, env: spec.env, detached: true });
      const group = -(child.pid ?? 0);
      let timedOut = false;
      const timer = setTimeout(() => {
        timedOut = true;
        killGroup(group);
      }, spec.wallMs);
      const exited = new Promise<Awaited<JailedProcess["exited"]>>((resolve, reject) => {
        child.once("error", reject);
        child.once("exit", (code, signal) => {
          clearTimeout(timer);
          killGroup(group);
          resolve({ code, signal, timedOut });
        });
      });
      const { stdin, stdout, stderr } = child;
      async function kill(): Promise<void> {
        killGroup(group);
        await exited;
      }
      return Promise.resolve({ stdin, stdout, stderr, exited, kill });
    },
  };
}

function killGroup(group: number): void {
  try {
    process.kill(group, "SIGKILL");
  } catch {
    // Nothing of the group is left.
  }
}
