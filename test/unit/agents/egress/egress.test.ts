import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readEgress } from "../../../../src/agents/egress/egress.ts";

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "egress-"));
  await mkdir(join(dir, "bin"));
  await mkdir(join(dir, "home/.cargo"), { recursive: true });
  await mkdir(join(dir, "home/.m2"));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

/** A program that prints `output` whatever it is asked. */
async function program(name: string, output: string): Promise<void> {
  const path = join(dir, "bin", name);
  await writeFile(path, `#!/bin/sh\ncat <<'END'\n${output}\nEND\n`);
  await chmod(path, 0o755);
}

function readHere(env: Record<string, string> = {}, listed: { host: string; port: number }[] = []) {
  const path = `${join(dir, "bin")}:/usr/bin:/bin`;
  return readEgress({ env: { ...env, PATH: path }, home: join(dir, "home"), listed });
}

async function silence(...names: string[]): Promise<void> {
  for (const name of names) await program(name, "");
}

test("S-04: each toolchain's own configuration is read; credentials stay outside", async () => {
  await program(
    "npm",
    JSON.stringify({
      registry: "https://me:secret@npm.corp.example/mirror/",
      "@team:registry": "http://team.example:4873/",
      "replace-registry-host": "npmjs",
    }),
  );
  await program(
    "go",
    JSON.stringify({
      GOPROXY: "https://u:p@go.corp.example|https://go2.example,direct",
      GOSUMDB: "sum.corp.example+abc+key",
      GOPRIVATE: "git.corp.example",
    }),
  );
  await program(
    "pip",
    "global.index-url='https://pip.corp.example/simple'\nglobal.extra-index-url='https://x.example/a https://y.example/b'\nglobal.timeout='60'",
  );
  await writeFile(
    join(dir, "home/.cargo/config.toml"),
    '[source.corp]\nregistry = "sparse+https://cargo.corp.example/index/"\n[build]\njobs = 2\n',
  );
  await writeFile(
    join(dir, "home/.m2/settings.xml"),
    "<settings><!-- <url>https://off.example</url> --><mirrors><mirror><url> https://maven.corp.example:8443/all </url></mirror></mirrors></settings>",
  );

  const egress = await readHere(
    { CARGO_REGISTRIES_TEAM_INDEX: "sparse+https://t:k@crates.team.example/" },
    [{ host: "extra.example", port: 8080 }],
  );

  expect(egress.endpoints.map(({ host, port }) => `${host}:${port}`)).toEqual([
    "npm.corp.example:443",
    "team.example:4873",
    "go.corp.example:443",
    "go2.example:443",
    "sum.corp.example:443",
    "pip.corp.example:443",
    "x.example:443",
    "y.example:443",
    "cargo.corp.example:443",
    "crates.team.example:443",
    "maven.corp.example:8443",
    "extra.example:8080",
  ]);
  expect(egress.env).toEqual({
    npm_config_registry: "https://npm.corp.example/mirror/",
    GOPROXY: "https://go.corp.example|https://go2.example,direct",
    GOSUMDB: "sum.corp.example+abc+key",
    GOPRIVATE: "git.corp.example",
    PIP_INDEX_URL: "https://pip.corp.example/simple",
    CARGO_REGISTRIES_TEAM_INDEX: "sparse+https://crates.team.example/",
  });
  expect(JSON.stringify(egress)).not.toMatch(/secret|u:p|t:k/);
  expect(egress.sources).toContain("maven: maven.corp.example:8443");
  expect(egress.sources).toContain("listed: extra.example:8080");
});

test("pip without a configured index uses the one that stands in pip itself", async () => {
  await silence("npm", "go", "pip");
  await program("python3", "https://index.example/simple\nhttps://files.example");

  const { endpoints } = await readHere();

  expect(endpoints).toEqual([
    { host: "index.example", port: 443 },
    { host: "files.example", port: 443 },
  ]);
});

test("a toolchain that is missing, fails or answers nonsense adds nothing", async () => {
  await program("npm", "not json");
  await program("pip", "");
  await program("python3", "Traceback");
  await writeFile(join(dir, "bin/go"), "#!/bin/sh\nexit 3\n", { mode: 0o755 });

  expect(await readHere()).toEqual({ endpoints: [], env: {}, readable: [], sources: [] });
});

test("file paths, direct and switched-off databases are no endpoints", async () => {
  await silence("npm", "pip", "python3");
  await program("go", JSON.stringify({ GOPROXY: "file:///srv/go,direct", GOSUMDB: "off" }));

  expect((await readHere()).endpoints).toEqual([]);
});

test("certificates of the operator's are named inside too, by plain absolute paths only", async () => {
  await silence("npm", "go", "pip", "python3");

  const { env, readable } = await readHere({
    NODE_EXTRA_CA_CERTS: "/etc/ssl/certs/corp.crt",
    PIP_CERT: "/opt/corp/ca.pem",
    SSL_CERT_FILE: "/opt/corp/ca.pem",
    CURL_CA_BUNDLE: "/opt/../root/key.pem",
    REQUESTS_CA_BUNDLE: "ca.pem",
    SECRET_FILE: "/run/secrets/key",
  });

  expect(env).toEqual({
    NODE_EXTRA_CA_CERTS: "/etc/ssl/certs/corp.crt",
    PIP_CERT: "/opt/corp/ca.pem",
    SSL_CERT_FILE: "/opt/corp/ca.pem",
  });
  expect(readable).toEqual(["/opt/corp/ca.pem"]);
});
