import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What one toolchain says: addresses of registries, and variables that tell them to a toolchain in a jail. */
export interface Found {
  readonly urls: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

interface ToolchainReader {
  readonly name: string;
  readonly read: (machine: Machine) => Promise<Found>;
}

const NOTHING: Found = { urls: [], env: {} };

/** How to ask each toolchain. Run in a neutral directory, so that no repository's own settings are read. */
export const toolchainReaders: readonly ToolchainReader[] = [
  { name: "npm", read: readNpm },
  { name: "go", read: readGo },
  { name: "pip", read: readPip },
  { name: "cargo", read: readCargo },
  { name: "maven", read: readMaven },
];

async function readNpm(machine: Machine): Promise<Found> {
  const config = parseObject(await ask(machine, "npm", ["config", "ls", "-l", "--json"]));
  const registries = Object.entries(config).filter(
    ([key, value]) => /(^|:)registry$/.test(key) && typeof value === "string",
  );
  const usual = config["registry"];
  return {
    urls: registries.map(([, value]) => String(value)),
    env: typeof usual === "string" ? { npm_config_registry: withoutCredentials(usual) } : {},
  };
}

async function readGo(machine: Machine): Promise<Found> {
  const names = ["GOPROXY", "GOSUMDB", "GONOSUMDB", "GOPRIVATE", "GONOPROXY", "GOINSECURE"];
  const config = parseObject(await ask(machine, "go", ["env", "-json", ...names]));
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(config)) {
    if (typeof value === "string" && value !== "") env[name] = withoutCredentials(value);
  }
  const proxies = (env["GOPROXY"] ?? "").split(/[,|]/);
  return { urls: [...proxies, ...sumDatabase(env["GOSUMDB"] ?? "")], env };
}

/** `name`, `name+key` or `name+key url`. */
function sumDatabase(text: string): string[] {
  const [name = "", url] = text.split(/\s+/);
  if (url) return [url];
  const host = name.split("+")[0] ?? "";
  return host.includes(".") ? [`https://${host}`] : [];
}

async function readPip(machine: Machine): Promise<Found> {
  const listed = await ask(machine, "pip", ["config", "list"]);
  const values = [...listed.matchAll(/^(?:\S+\.)?(?:extra-)?index-url='([^']*)'$/gm)];
  const urls = values.flatMap(([, value = ""]) => value.split(/\s+/));
  const usual = /^(?:\S+\.)?index-url='([^']*)'$/m.exec(listed)?.[1];
  if (usual) return { urls, env: { PIP_INDEX_URL: withoutCredentials(usual) } };
  return { urls: [...urls, ...(await pipsOwn(machine))], env: {} };
}

/** The index that pip uses when nothing is configured, and the host of its files: both stand in pip itself. */
async function pipsOwn(machine: Machine): Promise<string[]> {
  const program = [
    "from pip._internal.models.index import PyPI",
    "print(PyPI.simple_url)",
    "print('https://' + PyPI.file_storage_domain)",
  ].join("\n");
  return (await ask(machine, "python3", ["-c", program])).split("\n");
}

/** Cargo cannot be asked; its files and variables can. Its built-in registry must be listed by the operator. */
async function readCargo({ env, home }: Machine): Promise<Found> {
  const cargoHome = env["CARGO_HOME"] ?? join(home, ".cargo");
  const files = await Promise.all(
    ["config.toml", "config"].map((name) => text(join(cargoHome, name))),
  );
  const values = files
    .join("\n")
    .matchAll(/^\s*(?:registry|index|dl)\s*=\s*"([a-z+]*https?:\/\/[^"]+)"/gm);
  const variables = Object.entries(env).filter(([name]) =>
    /^CARGO_REGISTRIES_\w+_INDEX$/.test(name),
  );
  return {
    urls: [...[...values].map(([, url = ""]) => url), ...variables.map(([, url = ""]) => url)],
    env: Object.fromEntries(variables.map(([name, url = ""]) => [name, withoutCredentials(url)])),
  };
}

/** Mirrors and repositories of the user's settings. Maven's built-in repository must be listed by the operator. */
async function readMaven({ home }: Machine): Promise<Found> {
  const settings = (await text(join(home, ".m2/settings.xml"))).replaceAll(/<!--[^]*?-->/g, "");
  const urls = [...settings.matchAll(/<url>\s*(https?:\/\/[^<\s]+)\s*<\/url>/g)];
  return { ...NOTHING, urls: urls.map(([, url = ""]) => url) };
}

/** What the program prints, or nothing when it is missing, fails or takes longer than ten seconds. */
function ask(machine: Machine, program: string, args: string[]): Promise<string> {
  const options = { env: machine.env, cwd: tmpdir(), timeout: 10_000, maxBuffer: 4_000_000 };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout) => resolve(error ? "" : stdout.trim()));
  });
}

async function text(path: string): Promise<string> {
  return await readFile(path, "utf8").catch(() => "");
}

function parseObject(json: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(json));
  } catch {
    return {};
  }
}

function withoutCredentials(value: string): string {
  return value.replaceAll(/(https?:\/\/)[^/@\s,|]*@/g, "$1");
}
