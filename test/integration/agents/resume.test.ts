import { once } from "node:events";
import { watch } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bash, role, submit, write } from "../../../src/playground/scripted-model/script.ts";
import type { Jail, JailedProcess } from "../../../src/ports/jail.ts";
import { openJail } from "../../helpers/open-jail.ts";
import { openStage, realJail, recordingHooks } from "./harness.ts";

/** The same jail, and the last process that was started in it. */
function watched(jail: Jail): Jail & { last(): JailedProcess | undefined } {
  let last: JailedProcess | undefined;
  return {
    last: () => last,
    selfTest: () => jail.selfTest(),
    spawn: async (spec) => {
      last = await jail.spawn(spec);
      return last;
    },
  };
}

for (const kind of ["without a jail", "in the jail"] as const) {
  test(`K3: a conversation goes on after a SIGKILL in the middle of a command, ${kind}`, async ({
    skip,
  }) => {
    const dataDir = await mkdtemp(join(tmpdir(), "jail-"));
    const inner = kind === "in the jail" ? await realJail(dataDir) : openJail();
    if (!inner) return skip("bubblewrap is not installed");
    const jail = watched(inner);
    const stage = await openStage(
      role("backend-developer", [
        write("kept.txt", "kept\n"),
        ({ results }) =>
          results.join().includes("Interrupted")
            ? submit({ ok: true, summary: results.join() })
            : bash("touch started; sleep 60"),
      ]),
      { jail },
    );
    try {
      const appeared = watch(stage.dir);
      const first = stage.agents.run(
        stage.request(),
        recordingHooks(),
        new AbortController().signal,
      );
      for (;;) {
        const [, name] = (await once(appeared, "change")) as [string, string];
        if (name === "started") break;
      }
      appeared.close();
      await jail.last()?.kill();
      const crashed = await first;
      expect(crashed).toMatchObject({ status: "crashed", usage: { calls: 2 } });

      const second = await stage.agents.run(
        stage.request({
          prompt: "Go on.",
          ...(crashed.sessionId !== undefined && { resumeSession: crashed.sessionId }),
        }),
        recordingHooks(),
        new AbortController().signal,
      );

      expect(second.status).toBe("submitted");
      expect(second.sessionId).toBe(crashed.sessionId);
      expect(second.result).toMatchObject({
        summary: expect.stringContaining("its outcome is not known"),
      });
      expect(second.usage.calls).toBe(1);
      const turn = stage.model.journal().at(-1)?.turn;
      expect(turn?.lastUserText).toBe("Go on.");
      expect(turn?.prompt).toContain("Build it.");
    } finally {
      await stage.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
}
