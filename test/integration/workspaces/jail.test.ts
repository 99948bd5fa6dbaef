import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createJail } from "../../../src/workspaces/jail.ts";
import { plainProcesses, runIn, worldOfJail } from "./jail-run.ts";
import { hasBubblewrap, PATH, temporaryDirectory } from "./world.ts";

describe.skipIf(!hasBubblewrap())("what a jail shows (needs bubblewrap)", () => {
  test("X-12: proves itself by its self-test", async () => {
    const { jail } = await worldOfJail();
    expect(await jail.selfTest()).toEqual({ ok: true });
  });

  test("X-12: a bubblewrap that jails nothing is found out by the self-test", async () => {
    const root = temporaryDirectory("fake");
    const fake = join(root, "bwrap");
    // Swallows every option and runs the command as it is.
    writeFileSync(
      fake,
      '#!/bin/bash\nwhile [ $# -gt 0 ] && [ "$1" != -- ]; do shift; done; shift\ncat <&3 >/dev/null\nwhile [ "$1" != sh ]; do shift; done\nexec "$@"\n',
    );
    chmodSync(fake, 0o755);
    const toolchains = { readable: [], path: ["/usr/bin", "/bin"], env: {} };
    const jail = await createJail({
      dataDir: join(root, "data"),
      toolchains,
      path: PATH,
      binary: fake,
    });
    const verdict = await jail.selfTest();
    expect(verdict.ok).toBe(false);
    if (!verdict.ok)
      expect(verdict.reason).toMatch(/does not hold.*shares our net.*shares our pid/);
  });

  test("X-12: without bubblewrap the self-test says so and what to do", async () => {
    const root = temporaryDirectory("none");
    const toolchains = { readable: [], path: ["/usr/bin", "/bin"], env: {} };
    const jail = await createJail({
      dataDir: root,
      toolchains,
      path: PATH,
      binary: join(root, "bwrap"),
    });
    const verdict = await jail.selfTest();
    expect(verdict).toMatchObject({ ok: false });
    if (!verdict.ok) expect(verdict.reason).toMatch(/Install bubblewrap/);
  });

  test("X-01, X-02: writes what is named writable and nothing else; the rest of the host does not exist", async () => {
    const { jail, dir, dataDir } = await worldOfJail();
    const secret = join(dataDir, "secret");
    writeFileSync(secret, "canary-7731");
    const { output } = await runIn(
      jail,
      `echo ok > ${dir}/written; cat ${secret} ${dir}/../data/secret /etc/shadow; for d in / /usr /etc /home ${dataDir} ${dir}/..; do touch $d/planted && echo "planted in $d"; done; ls -A ${dataDir}; ln -s / ${dir}/root; cat ${dir}/root${secret}; echo end`,
      { writable: [dir] },
    );
    expect(readFileSync(join(dir, "written"), "utf8")).toBe("ok\n");
    expect(output).not.toMatch(/canary-7731|root:/);
    for (const place of ["/", "/usr", "/etc", "/home", dataDir, dirname(dir)]) {
      expect(existsSync(join(place, "planted"))).toBe(false);
    }
    expect(output.trim().endsWith("end")).toBe(true);
  });

  test("X-02: what is readable cannot be written", async () => {
    const { jail, dir } = await worldOfJail();
    writeFileSync(join(dir, "given"), "read me");
    const { output } = await runIn(
      jail,
      `cat ${dir}/given; echo x > ${dir}/given; rm ${dir}/given`,
      {
        readable: [dir],
      },
    );
    expect(output).toContain("read me");
    expect(readFileSync(join(dir, "given"), "utf8")).toBe("read me");
  });

  test("S-01, S-02: sees no environment but its own, in no /proc", async () => {
    process.env["JAIL_TEST_CANARY"] = "canary-9914";
    onTestFinished(() => {
      delete process.env["JAIL_TEST_CANARY"];
    });
    const spy =
      'env; for p in /proc/[0-9]* /proc/self; do tr "\\0" "\\n" < $p/environ; tr "\\0" "\\n" < $p/cmdline; done 2>/dev/null';
    const open = plainProcesses();
    const unguarded = await runIn(
      open,
      `tr "\\0" "\\n" < /proc/${process.pid}/environ || true; ${spy}`,
    );
    // The environment given to a process at its start is what /proc shows; the test runner marks ours.
    expect(unguarded.output).toContain("VITEST");
    const { jail } = await worldOfJail();
    const { output } = await runIn(jail, `${spy}; ls /proc | grep -c '^[0-9]'`, {
      env: { GIVEN: "yes" },
    });
    expect(output).toContain("GIVEN=yes");
    expect(output).not.toMatch(/canary-9914|VITEST|npm_/);
    expect(Number(output.trim().split("\n").at(-1))).toBeLessThan(8);
  });

  test("S-07: inherited descriptors do not reach the inside", async () => {
    const { jail } = await worldOfJail();
    const { output } = await runIn(jail, "for f in /proc/self/fd/*; do readlink $f; done");
    const open = output
      .split("\n")
      .filter((line) => line !== "" && !/^(\/proc\/|\/dev\/null|.*\(deleted\)$)/.test(line));
    expect(open).toEqual([]);
  });

  test("S-05, S-06, S-07: no network, not even the host's loopback", async () => {
    const server = createServer((socket) => socket.end("reached"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const dial = `node -e "const s=require('net').connect(${port},'127.0.0.1');s.on('data',d=>console.log(String(d)));s.on('error',e=>console.log(e.code))"`;
    const open = plainProcesses();
    expect((await runIn(open, dial)).output).toContain("reached");
    const { jail } = await worldOfJail();
    const inside = await runIn(jail, `${dial}; cat /proc/net/dev`);
    expect(inside.output).toContain("ECONNREFUSED");
    expect(inside.output).not.toMatch(/reached|eth|ens|wlan/);
  });

  test("S-05: sockets of families that no namespace confines are refused", async () => {
    const { jail } = await worldOfJail();
    const { output } = await runIn(
      jail,
      `python3 -c "
import socket
for family in (40, 38, 17):
    try:
        socket.socket(family, socket.SOCK_STREAM if family != 17 else socket.SOCK_RAW); print('opened', family)
    except OSError as error: print('refused', family)
socket.socket(socket.AF_INET); socket.socket(socket.AF_UNIX); socket.socket(socket.AF_INET6); print('usual ones work')"`,
    );
    expect(output).not.toContain("opened");
    expect(output).toContain("usual ones work");
  });

  test("the named socket is the only way out", async () => {
    const { jail, dir } = await worldOfJail();
    const path = join(dir, "gateway.sock");
    const server = createServer((socket) => socket.end("from the host"));
    await new Promise<void>((resolve) => server.listen(path, resolve));
    onTestFinished(() => void server.close());
    const dial = `node -e "require('net').connect('${path}').on('data',d=>console.log(String(d))).on('error',e=>console.log(e.code))"`;
    expect((await runIn(jail, dial, { socket: path })).output.trim()).toBe("from the host");
    expect((await runIn(jail, dial)).output.trim()).toBe("ENOENT");
  });

  test("X-07, X-08: no power over the host's processes, mounts, devices or namespaces", async () => {
    const { jail } = await worldOfJail();
    const { output } = await runIn(
      jail,
      `id -u; kill -9 ${process.pid} ${process.ppid} 1 && echo killed; mount -t tmpfs x /tmp && echo mounted; mknod /tmp/d b 8 0 && echo device; unshare -Ur true && echo namespace; unshare -n true && echo namespace; chroot / true && echo chroot; sudo -n true && echo root; su -c true && echo root; cp /bin/sh /tmp/s; chmod 4755 /tmp/s; /tmp/s -pc "id -u" | grep -x 0; grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/self/status; echo end`,
    );
    expect(output).not.toMatch(/^(0|killed|mounted|device|namespace|chroot|root)$/m);
    expect(output).toMatch(/CapEff:\s+0000000000000000\nNoNewPrivs:\s+1\nSeccomp:\s+2/);
    expect(output.trim().endsWith("end")).toBe(true);
  });

  test("X-10: ports and predictable names of the host are not the jail's, nor the other way round", async () => {
    const server = createServer((socket) => socket.end("the host's"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const trap = join("/tmp", `predictable-${process.pid}`);
    onTestFinished(() => rmSync(trap, { recursive: true, force: true }));
    const listen = `node -e "require('net').createServer(s=>s.end('mine')).listen(${port},'127.0.0.1',()=>{console.log('took the port');process.exit()}).on('error',e=>console.log(e.code))"`;
    const attack = `${listen}; ln -s /etc ${trap} && echo planted; ls -d /tmp/predictable-*`;
    const unguarded = await runIn(plainProcesses(), attack);
    expect(unguarded.output).toMatch(/EADDRINUSE\nplanted/);
    rmSync(trap);
    const { jail } = await worldOfJail();
    expect((await runIn(jail, attack)).output).toBe(`took the port\nplanted\n${trap}\n`);
    expect(existsSync(trap)).toBe(false);
  });

  test("standard streams are pipes that programs can open again", async () => {
    const { jail } = await worldOfJail();
    const { output } = await runIn(
      jail,
      "echo one > /dev/stderr; echo two | tee /dev/stderr >/dev/null; echo three > /proc/self/fd/1",
    );
    expect(output).toBe("one\ntwo\nthree\n");
  });

  test("the machine's toolchains work inside", async () => {
    const { jail } = await worldOfJail();
    const { output } = await runIn(
      jail,
      'node -e "console.log(process.version)"; git --version; for tool in go python3 cargo java mvn; do command -v $tool >/dev/null && echo "$tool $($tool -version 2>&1 || $tool version 2>&1 || $tool --version 2>&1)" | head -3; done; true',
    );
    expect(output).toContain(process.version);
    expect(output).toContain("git version");
    expect(output).not.toMatch(/Permission denied|cannot open shared object|InternalError/);
  });
});
