import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import type { Jail, JailExit, JailedProcess } from "../../../src/ports/jail.ts";
import { createGoSeed } from "../../../src/workspaces/go-seed.ts";

interface Started {
  readonly command: string;
  /** Ends the process. */
  end(code: number, output?: string): void;
}

/** A jail whose processes end when the test says so; `next` gives each as it starts. */
function handJail(): { jail: Jail; next: () => Promise<Started>; killed: string[] } {
  const started: Started[] = [];
  const waiting: ((one: Started) => void)[] = [];
  const killed: string[] = [];
  const jail: Jail = {
    ownTemporary: true,
    selfTest: () => Promise.resolve({ ok: true }),
    spawn: ({ argv }) => {
      const { promise, resolve } = Promise.withResolvers<JailExit>();
      const stdout = new PassThrough();
      const command = argv.join(" ");
      function end(code: number, output = ""): void {
        stdout.end(output);
        resolve({ code, signal: null, timedOut: false });
      }
      const one = { command, end };
      const listener = waiting.shift();
      if (listener) listener(one);
      else started.push(one);
      const process: JailedProcess = {
        stdin: new PassThrough(),
        stdout,
        stderr: new PassThrough().end(),
        exited: promise,
        kill: () => {
          killed.push(command);
          end(137);
          return Promise.resolve();
        },
      };
      return Promise.resolve(process);
    },
  };
  return {
    jail,
    killed,
    next: () => {
      const one = started.shift();
      if (one) return Promise.resolve(one);
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "go-seed-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const STANDARD = "go version go9\nfmt\nos\ntesting\n";

test("what failed is left alone for ten minutes and then tried again, without a restart", async () => {
  const dataDir = folder();
  const { jail, next } = handJail();
  let now = 0;
  const seed = createGoSeed(jail, dataDir, () => now);
  async function plant(...endings: readonly [number, string][]): Promise<string[]> {
    const done = seed.plant(join(dataDir, "target"), { standard: [] }, { egress: undefined });
    const asked: string[] = [];
    for (const [code, output] of endings) {
      const one = await next();
      asked.push(one.command.includes("go list std") ? "look for go" : "compile");
      one.end(code, output);
    }
    await done;
    return asked;
  }
  expect(await plant([127, ""])).toEqual(["look for go"]);
  expect(await plant()).toEqual([]);
  now = 10 * 60_000;
  expect(await plant([0, STANDARD], [1, ""])).toEqual(["look for go", "compile"]);
  expect(await plant()).toEqual([]);
  now = 20 * 60_000;
  expect(await plant([0, ""])).toEqual(["compile"]);
  expect(await plant()).toEqual([]);
});

test("an abort ends what is compiled and who waits for it, and leaves the seed usable", async () => {
  const dataDir = folder();
  const { jail, next, killed } = handJail();
  const seed = createGoSeed(jail, dataDir, () => 0);
  const [first, second] = [new AbortController(), new AbortController()];
  function plant(name: string, signal: AbortSignal): Promise<void> {
    return seed.plant(join(dataDir, name), { standard: [] }, { egress: undefined, signal });
  }
  const compiling = plant("one", first.signal);
  compiling.catch(() => undefined);
  (await next()).end(0, STANDARD);
  const { command } = await next();
  const waiting = plant("two", second.signal);
  second.abort(new Error("second is over"));
  await expect(waiting).rejects.toThrow("second is over");
  expect(killed).toEqual([]);
  first.abort(new Error("first is over"));
  await expect(compiling).rejects.toThrow("first is over");
  expect(killed).toEqual([command]);
  const again = plant("three", new AbortController().signal);
  (await next()).end(0);
  await again;
});
