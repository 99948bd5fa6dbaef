import { certificates } from "./certificates.ts";
import { type Found, toolchainReaders } from "./toolchains.ts";

/** A host by name or address, lower case, and a port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Which package registries this machine uses, as its own toolchains are configured. */
export interface Egress {
  readonly endpoints: readonly Endpoint[];
  /** Variables by which the toolchains inside a jail find and trust the same registries; they hold no credentials. */
  readonly env: Readonly<Record<string, string>>;
  /** Certificate files that those variables name. */
  readonly readable: readonly string[];
  /** Where each endpoint comes from, in words, for a person who checks the list. */
  readonly sources: readonly string[];
}

/**
 * Asks npm, Go, pip, Cargo and Maven for their registries and adds what the operator lists. A toolchain that is not
 * installed, or does not answer within ten seconds, adds nothing. `env` is the operator's environment.
 */
export async function readEgress(options: {
  env: Readonly<Record<string, string | undefined>>;
  home: string;
  listed: readonly Endpoint[];
}): Promise<Egress> {
  const found = await Promise.all(
    toolchainReaders.map(async ({ name, read }) => ({ name, ...(await read(options)) })),
  );
  const named = [
    ...found.flatMap(({ name, urls }) => urls.flatMap((url) => endpointOf(url, name))),
    ...options.listed.map((endpoint) => ({ ...endpoint, from: "listed" })),
  ];
  const trust = certificates(options.env);
  const endpoints = new Map(named.map(({ host, port }) => [`${host}:${port}`, { host, port }]));
  return {
    endpoints: [...endpoints.values()],
    env: Object.assign({}, trust.env, ...found.map(({ env }: Found) => env)) as Egress["env"],
    readable: trust.readable,
    sources: [...new Set(named.map(({ from, host, port }) => `${from}: ${host}:${port}`))],
  };
}

/** Host and port of a registry's address; nothing for a file path or another scheme. */
function endpointOf(url: string, from: string): (Endpoint & { from: string })[] {
  const bare = url.replace(/^(sparse|git|registry)\+/, "");
  if (!/^https?:\/\//i.test(bare) || !URL.canParse(bare)) return [];
  const { protocol, hostname, port } = new URL(bare);
  const usual = protocol === "https:" ? 443 : 80;
  return [{ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || usual), from }];
}
