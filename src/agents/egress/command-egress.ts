import { openGateway } from "../model-gateway/model-gateway.ts";
import type { Egress } from "./egress.ts";
import { freePort, proxyEnv, relayReadable, throughRelay } from "./relay.ts";

/** A way from a jailed command to the package registries, and to nothing else. */
export interface CommandEgress {
  readonly socket: string;
  readonly readable: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Puts the relay in front of a command. */
  wrap(argv: readonly string[]): readonly string[];
  close(): Promise<void>;
}

/** Opens a gateway without a model for the commands of one verification. */
export async function openCommandEgress(options: {
  egress: Egress;
  node: string;
  packageDir: string;
  /** Where Node finds the relay compiled. */
  compiled: string | undefined;
}): Promise<CommandEgress> {
  const { egress, node, packageDir, compiled } = options;
  const port = await freePort();
  const gateway = await openGateway({ egress: egress.endpoints });
  const plan = { port, socketPath: gateway.socketPath, node, packageDir, compiled };
  return {
    socket: gateway.socketPath,
    readable: [...relayReadable(plan), ...egress.readable],
    env: { ...proxyEnv(port), ...egress.env },
    wrap: (argv) => throughRelay(argv, plan),
    close: () => gateway.close(),
  };
}
