import { createServer } from "node:net";
import { join } from "node:path";

/** How a jailed command reaches a gateway's socket: by a port on the loopback of its own network. */
export interface RelayPlan {
  readonly port: number;
  readonly socketPath: string;
  readonly node: string;
  /** The root of this package. */
  readonly packageDir: string;
  /** Where Node finds the relay compiled. */
  readonly compiled?: string | undefined;
}

/** The command that starts the relay and then `argv`, ending with the exit code of `argv`. */
export function throughRelay(argv: readonly string[], plan: RelayPlan): string[] {
  const relay = join(plan.packageDir, "src/native-agent/relay.ts");
  const { node, port, socketPath, compiled } = plan;
  const quiet = "--disable-warning=ExperimentalWarning";
  return withCompiled(compiled, [node, quiet, relay, String(port), socketPath, "--", ...argv]);
}

/** The command with the variable by which Node finds what was compiled; our programs take it from their own children. */
export function withCompiled(folder: string | undefined, argv: readonly string[]): string[] {
  return folder === undefined ? [...argv] : ["env", `NODE_COMPILE_CACHE=${folder}`, ...argv];
}

/** What the relay itself must be able to read. */
export function relayReadable(plan: Pick<RelayPlan, "node" | "packageDir" | "compiled">): string[] {
  return [
    plan.node,
    join(plan.packageDir, "src/native-agent"),
    join(plan.packageDir, "package.json"),
    ...(plan.compiled === undefined ? [] : [plan.compiled]),
  ];
}

/** Makes the usual toolchains use the relay as their HTTP proxy; the loopback is reached directly. */
export function proxyEnv(port: number): Record<string, string> {
  const proxy = `http://127.0.0.1:${port}`;
  const direct = "localhost,127.0.0.1,::1";
  const java = ["http", "https"]
    .flatMap((scheme) => [`-D${scheme}.proxyHost=127.0.0.1`, `-D${scheme}.proxyPort=${port}`])
    .join(" ");
  return {
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    http_proxy: proxy,
    https_proxy: proxy,
    NO_PROXY: direct,
    no_proxy: direct,
    CARGO_HTTP_PROXY: proxy,
    MAVEN_OPTS: java,
    GRADLE_OPTS: java,
  };
}

/** A port that nobody listens on at this moment. It matters only where the jail shares the host's network. */
export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
