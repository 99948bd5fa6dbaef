import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compilePrograms } from "../../../src/agents/compiled-programs.ts";
import { PACKAGE_DIR } from "../../../src/machine.ts";
import { bash, role, submit, write } from "../../../src/playground/scripted-model/script.ts";
import type { Jail } from "../../../src/ports/jail.ts";
import { startStub } from "../../helpers/model-stub.ts";
import { openStage, processesWith, REAL_KEY, realJail, recordingHooks } from "./harness.ts";

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

test("I-17: our own programs are compiled once, for jails that may read them and nothing else", async ({
  skip,
}) => {
  if (!jail) return skip("bubblewrap is not installed");
  const own = { jail, dataDir, node: process.execPath, packageDir: PACKAGE_DIR };
  const compiled = compilePrograms(own);
  await expect.poll(() => compiled.folder(), { timeout: 120_000 }).toBeDefined();
  const folder = compiled.folder() ?? "";
  const files = await readdir(folder, { recursive: true });
  expect(files.length).toBeGreaterThan(10);
  const stage = await openStage(
    role("backend-developer", [
      bash("tr '\\0' '\\n' < /proc/$PPID/environ | grep COMPILE_CACHE"),
      bash("env | grep COMPILE_CACHE; echo nothing"),
      bash(
        `d=$(find ${folder} -type f | head -1); { echo x >> $d; } 2>&1; ls ${folder}/*/ | wc -l`,
      ),
      submit({ ok: true }),
    ]),
    { jail, machine: { compiled } },
  );
  try {
    await stage.agents.run(stage.request(), recordingHooks(), new AbortController().signal);
    const [given, told, tried] = stage.model
      .journal()
      .slice(1)
      .map(({ turn }) => turn.results.join());
    expect(given).toContain(`NODE_COMPILE_CACHE=${folder}`);
    expect(told).not.toContain("COMPILE_CACHE=");
    expect(tried).toContain("Read-only file system");
    expect(await readdir(folder, { recursive: true })).toEqual(files);
  } finally {
    await stage.close();
  }
}, 240_000);

for (const kind of ["without a jail", "in the jail"] as const) {
  test(`R8: a person's cancel ends everything at once, ${kind}`, async ({ skip }) => {
    const jailed = kind === "in the jail";
    if (jailed && !jail) return skip("bubblewrap is not installed");
    const escaping = jailed ? "(setsid nohup sleep 9876.5432 &);" : "";
    const stage = await openStage(
      role("backend-developer", [
        bash(`trap '' TERM INT; ${escaping} sleep 9876.5432`),
        submit({ ok: true }),
      ]),
      { ...(jailed && jail && { jail }) },
    );
    const abort = new AbortController();
    let cancelledAt = 0;
    const hooks = recordingHooks({
      progress: (event) => {
        if (event.kind !== "tool") return;
        cancelledAt = performance.now();
        abort.abort("person");
      },
    });
    try {
      const outcome = await stage.agents.run(stage.request(), hooks, abort.signal);

      // The row's one second is held by the bench; here only that nothing is waited for.
      expect(performance.now() - cancelledAt).toBeLessThan(4_000);
      expect(await processesWith("9876.5432")).toEqual([]);
      expect(outcome.status).toBe("cancelled");
      expect(outcome.usage.calls).toBe(1);
    } finally {
      await stage.close();
    }
  });
}

test("S-05: from the jail only listed addresses are reachable, whatever the tool does", async ({
  skip,
}) => {
  if (!jail) return skip("bubblewrap is not installed");
  const registry = await startStub((_request, response) => response.end("a package"));
  const host = "127.0.0.1";
  const raw = `node -e 'require("net").connect(${registry.port}, "${host}").on("connect", () => console.log("DIRECT")).on("error", (e) => console.log("raw", e.code))'`;
  const stage = await openStage(
    role("backend-developer", [
      bash(`curl -sS --noproxy '' http://${host}:${registry.port}/pkg`),
      bash("curl -sS -m 5 http://169.254.169.254/latest/; curl -sS -m 5 https://example.com/"),
      bash(`${raw}; getent hosts example.com || echo 'no names'`),
      submit({ ok: true }),
    ]),
    {
      jail,
      machine: { egress: { endpoints: [{ host, port: registry.port }], env: {}, readable: [] } },
    },
  );
  try {
    const hooks = recordingHooks();
    const outcome = await stage.agents.run(stage.request(), hooks, new AbortController().signal);

    const results = stage.model.journal().map(({ turn }) => turn.results.join());
    expect(results[1]).toContain("a package");
    expect(results[2]).toContain("not one of the package registries");
    expect(results[2]).toMatch(/403/);
    expect(results[3]).toMatch(/raw ECONNREFUSED/);
    expect(results[3]).toContain("no names");
    expect(outcome.refusedAddresses).toEqual(["169.254.169.254:80", "example.com:443"]);
    expect(registry.received).toHaveLength(1);
  } finally {
    await stage.close();
    await registry.close();
  }
});
