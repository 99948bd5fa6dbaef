import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bash, role, submit, write } from "../../../src/playground/scripted-model/script.ts";
import type { Jail } from "../../../src/ports/jail.ts";
import { openStage, REAL_KEY, realJail, recordingHooks } from "./harness.ts";

let dataDir: string;
let jail: Jail | undefined;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "jail-"));
  jail = await realJail(dataDir);
});

afterAll(() => rm(dataDir, { recursive: true, force: true }));

test("S-16: a jailed agent works, and finds the key neither in its environment nor in any file or process", async ({
  skip,
}) => {
  if (!jail) return skip("bubblewrap is not installed");
  const search = `env; cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n'; grep -rl ${REAL_KEY.slice(0, 8)}"" "$HOME" /tmp /etc /run /home . 2>/dev/null; echo searched`;
  const stage = await openStage(
    role("backend-developer", [
      write("hello.js", "console.log('hello from the jail')\n"),
      bash("node hello.js; id -u; ls /"),
      bash(search),
      submit({ ok: true }),
    ]),
    { jail },
  );
  try {
    const hooks = recordingHooks();
    const outcome = await stage.agents.run(stage.request(), hooks, new AbortController().signal);

    expect(outcome).toMatchObject({ status: "submitted" });
    const journal = stage.model.journal();
    expect(journal[2]?.turn.results.join()).toContain("hello from the jail");
    const found = journal[3]?.turn.results.join() ?? "";
    expect(found).toContain("searched");
    expect(found).not.toContain(REAL_KEY);
  } finally {
    await stage.close();
  }
});
