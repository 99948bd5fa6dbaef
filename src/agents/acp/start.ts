import type { AgentRequest } from "../../ports/agents.ts";
import type { JailSpec } from "../../ports/jail.ts";
import type { CompiledPrograms } from "../compiled-programs.ts";
import type { Endpoint } from "../egress/egress.ts";
import { proxyEnv, relayReadable, throughRelay } from "../egress/relay.ts";
import { type ModelAccount, modelId } from "../model-gateway/provider.ts";
import type { AgentProfile, ProfileStart } from "./profiles.ts";

/** What every dispatch of this machine has in common. */
export interface Machine {
  readonly account: ModelAccount;
  readonly profile: AgentProfile;
  /** Package registries of this machine, and the variables by which the toolchains inside find them. */
  readonly egress: {
    readonly endpoints: readonly Endpoint[];
    readonly env: Readonly<Record<string, string>>;
    /** Certificate files that those variables name. */
    readonly readable: readonly string[];
  };
  /** Where a jail that brings no environment of its own finds programs; the bubblewrap jail brings its own. */
  readonly path?: string;
  /** The Node that runs our own programs inside the jail. */
  readonly node: string;
  /** The root of this package. */
  readonly packageDir: string;
  /** Folder in which the operator installed another agent's npm package. */
  readonly agentDir?: string;
  /** Our own programs as Node has compiled them. */
  readonly compiled?: CompiledPrograms;
}

/** How much longer than the conversation the jail may live, should nobody end it. */
const JAIL_GRACE_MS = 15_000;

/** What the profile is told about one dispatch. */
export function profileStart(machine: Machine, request: AgentRequest, port: number): ProfileStart {
  return {
    request,
    wire: machine.account.provider,
    model: modelId(machine.account, request.model),
    modelUrl: `http://127.0.0.1:${port}/model`,
    node: machine.node,
    packageDir: machine.packageDir,
    compiled: machine.compiled?.folder(),
    ...(machine.agentDir !== undefined && { agentDir: machine.agentDir }),
  };
}

/** The jail of one dispatch. Its environment is built from nothing, so nothing of the host's leaks in. */
export function jailSpec(
  machine: Machine,
  start: ProfileStart,
  way: { port: number; socketPath: string },
): JailSpec {
  const { profile } = machine;
  const { clone, limits } = start.request;
  const { world } = clone;
  const { node, packageDir } = machine;
  const plan = { ...way, node, packageDir, compiled: start.compiled };
  const files = profile.files?.(start);
  return {
    argv: throughRelay([...(world?.before ?? []), ...profile.argv(start)], plan),
    cwd: clone.dir,
    env: {
      HOME: clone.stateDir,
      LANG: "C.UTF-8",
      TERM: "dumb",
      TMPDIR: "/tmp",
      ...(machine.path !== undefined && { PATH: machine.path }),
      ...proxyEnv(way.port),
      ...machine.egress.env,
      ...world?.env,
      ...(files && { RELAY_FILES: JSON.stringify(files) }),
      ...profile.env(start),
    },
    writable: clone.writable ? [clone.dir, clone.stateDir] : [clone.stateDir],
    readable: [
      ...(clone.writable ? [] : [clone.dir]),
      ...(clone.borrows ?? []),
      ...machine.egress.readable,
      ...(world?.readable ?? []),
      ...relayReadable(plan),
      ...profile.readable(start),
    ],
    socket: way.socketPath,
    wallMs: limits.wallMs + JAIL_GRACE_MS,
  };
}
