import { expect, test } from "vitest";
import { LaterError, UnreachableError, WorldError } from "../../../src/domain/failure.ts";
import { RunId } from "../../../src/domain/ids.ts";
import { MemoryLedger } from "../../../src/engine/memory/stores.ts";
import type { Steps } from "../../../src/ports/engine.ts";
import { patient } from "../../../src/workflow/patience.ts";
import { RUN_STARTED } from "../../helpers/run-facts.ts";

const RUN = RunId.parse("7-12-r1");

/** Plays a step that fails with these errors one after another and then succeeds. */
async function play(errors: readonly unknown[]) {
  const ledger = new MemoryLedger();
  await ledger.append(RUN, "started", RUN_STARTED);
  const pauses: number[] = [];
  const names: string[] = [];
  const steps: Steps = {
    step: async (name, fn) => {
      names.push(name);
      return await fn(new AbortController().signal);
    },
    sleep: async (ms) => void pauses.push(ms),
    waitFor: async () => undefined,
    startChild: () => Promise.reject(new Error("no children here")),
  };
  let tries = 0;
  const work = patient(steps, { ledger, status: { touch: () => undefined } }, { runId: RUN }).step(
    "work",
    async () => {
      const error = errors[tries];
      tries += 1;
      if (error !== undefined) throw error;
      return "done";
    },
  );
  const outcome = await work.catch((error: unknown) => error);
  const facts = (await ledger.read(RUN)).map(({ fact }) => fact).slice(1);
  return { outcome, pauses, names, facts };
}

function system(code: string): Error {
  return Object.assign(new Error(`${code}: the machine is full`), { code });
}

test.each(["ENOSPC", "EMFILE", "ENFILE", "ENOMEM", "EAGAIN", "EDQUOT"])(
  "F35, F48: %s is waited out, and the run says that it waits for the machine",
  async (code) => {
    const wrapped = new WorldError("Start git: it did not start", "stop", system(code));
    const { outcome, pauses, names, facts } = await play([system(code), wrapped]);
    expect(outcome).toBe("done");
    expect(pauses).toEqual([1_000, 5_000]);
    expect(names).toEqual(["work", "work (try 2)", "work (try 3)"]);
    expect(facts.map((fact) => fact.type)).toEqual(["waiting", "waiting", "resumed"]);
    expect(facts[0]).toMatchObject({
      wait: { for: "machine", detail: expect.stringContaining("the machine is full") },
    });
  },
);

test("F46: an address that cannot be found or trusted is tried again for a day, then it is over", async () => {
  const away = new UnreachableError("git fetch failed: Could not resolve host");
  const { outcome, pauses, facts } = await play(Array.from({ length: 120 }, () => away));
  expect(outcome).toBe(away);
  expect(pauses.slice(0, 7)).toEqual([1_000, 5_000, 15_000, 60_000, 300_000, 900_000, 900_000]);
  expect(pauses).toHaveLength(100);
  expect(facts.at(-2)).toMatchObject({ type: "waiting", wait: { for: "github" } });
});

test("F08: a limit is waited out until it ends, however often it is met", async () => {
  const later = new LaterError(
    "GitHub asked to wait",
    new Date(Date.now() + 40 * 60_000).toISOString(),
  );
  const { outcome, pauses } = await play(Array.from({ length: 9 }, () => later));
  expect(outcome).toBe("done");
  for (const pause of pauses) expect(pause).toBeGreaterThan(39 * 60_000);
});

test.each([
  ["a refusal", new WorldError("GitHub refuses it", "stop")],
  ["something a person must mend", new WorldError("Reconnect the app", "escalate")],
  ["our own bug", new TypeError("x is not a function")],
])("F49: %s passes through at once", async (_name, error) => {
  const { outcome, pauses } = await play([error]);
  expect(outcome).toBe(error);
  expect(pauses).toEqual([]);
});
