import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort } from "../../../src/agents/egress/relay.ts";

const RELAY = fileURLToPath(new URL("../../../src/native-agent/relay.ts", import.meta.url));

let dir: string;
let socketPath: string;
let server: Server;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "relay-"));
  socketPath = join(dir, "gw.sock");
  server = createServer((request, response) => {
    request.pipe(response);
  });
  server.listen(socketPath);
  await once(server, "listening");
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(dir, { recursive: true, force: true });
});

async function relay(argv: readonly string[], env: Record<string, string> = {}) {
  const options = ["--disable-warning=ExperimentalWarning", RELAY, ...argv];
  const child = spawn(process.execPath, options, { env: { PATH: "/usr/bin:/bin", ...env } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const [code] = (await once(child, "close")) as [number];
  return { code, output };
}

function script(program: string): string[] {
  return [process.execPath, "-e", program];
}

test("connections to the port reach the socket, many at once and large ones whole", async () => {
  const port = await freePort();
  const program = `
    const body = "x".repeat(3_000_000);
    const ask = () => fetch("http://127.0.0.1:${port}/", { method: "POST", body }).then((r) => r.text());
    Promise.all(Array.from({ length: 8 }, ask)).then((all) => console.log(all.every((text) => text === body)));`;
  const { code, output } = await relay([String(port), socketPath, "--", ...script(program)]);
  expect({ code, output }).toEqual({ code: 0, output: "true\n" });
});

test("the relay ends with the command's exit code or signal", async () => {
  const port = String(await freePort());
  expect(await relay([port, socketPath, "--", "sh", "-c", "exit 7"])).toMatchObject({ code: 7 });
  expect(await relay([port, socketPath, "--", "sh", "-c", "kill -9 $$"])).toMatchObject({
    code: 137,
  });
  expect(await relay([port, socketPath, "--", "no-such-program"])).toEqual({
    code: 127,
    output: "Cannot start no-such-program: spawn no-such-program ENOENT\n",
  });
  expect(await relay([port, socketPath])).toMatchObject({ code: 64 });
});

test("the command has the relay's own input, output and environment, without the files' text", async () => {
  const port = String(await freePort());
  const files = JSON.stringify({ ".agent/config.toml": "model = 1\n" });
  const { output } = await relay([port, socketPath, "--", "env"], {
    HOME: dir,
    RELAY_FILES: files,
    OWN: "kept",
  });
  expect(output).toContain("OWN=kept");
  expect(output).not.toContain("RELAY_FILES");
  expect(await readFile(join(dir, ".agent/config.toml"), "utf8")).toBe("model = 1\n");
});

test("a gateway that is gone closes the connection instead of hanging", async () => {
  const port = await freePort();
  const program = `fetch("http://127.0.0.1:${port}/").catch((error) => console.log("refused", error.message));`;
  const gone = join(dir, "gone.sock");
  const { output } = await relay([String(port), gone, "--", ...script(program)]);
  expect(output).toBe("refused fetch failed\n");
});
