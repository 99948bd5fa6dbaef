import { z } from "zod";
import { Sha } from "../ids.ts";

/** What a command of a repository is for. */
export const CommandKind = z.enum(["setup", "build", "lint", "test"]);
export type CommandKind = z.infer<typeof CommandKind>;

/** Where a command came from; only the first three were fixed before the change existed. */
export const CommandSource = z.enum(["base-config", "repository-config", "detected", "change"]);

/** A service that a repository declares for its tests, started in the jail beside the command that needs it. */
export const ServiceSpec = z.object({
  name: z.string(),
  /** Runs in the foreground by `sh -c`. */
  command: z.string(),
  /** Ends with 0 once the service can be used. */
  ready: z.string(),
  cwd: z.string().default("."),
  readyMs: z.number().int().positive(),
});
export type ServiceSpec = z.infer<typeof ServiceSpec>;

/** One command to run in the jail, by `sh -c`, in `cwd` relative to the checkout. */
export const RepoCommand = z.object({
  kind: CommandKind,
  command: z.string().min(1).max(2_000),
  cwd: z.string().default("."),
  source: CommandSource,
  /** Milliseconds after which the command counts as failed. */
  timeoutMs: z.number().int().positive().default(600_000),
  /** Started in this order before the command, each when the one before is ready; gone when it ends. */
  services: z.array(ServiceSpec).optional(),
});
export type RepoCommand = z.infer<typeof RepoCommand>;

/** How a service fared beside one command. */
export const ServiceEvidence = z.object({
  name: z.string(),
  /** Milliseconds until it was ready; null when it never was. */
  readyMs: z.number().nonnegative().nullable(),
  /** Set when it ended by itself before it was told to. */
  exitCode: z.number().int().nullable(),
  /** sha256 of its whole log, hexadecimal. */
  logDigest: z.string().regex(/^[0-9a-f]{64}$/),
  /** The end of its log, made visible, secrets removed. */
  logTail: z.string(),
});
export type ServiceEvidence = z.infer<typeof ServiceEvidence>;

/** What one command did on one exact commit. The only thing the words of success may be made from. */
export const Evidence = z.object({
  kind: CommandKind,
  command: z.string(),
  cwd: z.string(),
  source: CommandSource,
  sha: Sha,
  exitCode: z.number().int(),
  timedOut: z.boolean(),
  startedAt: z.string(),
  durationMs: z.number().nonnegative(),
  /** sha256 of the whole output, hexadecimal. */
  outputDigest: z.string().regex(/^[0-9a-f]{64}$/),
  /** The last lines of the output, control sequences made visible, secrets removed. */
  outputTail: z.string(),
  /** Tests counted by the host in the output; absent where the runner's totals are not recognised. */
  tests: z
    .object({ passed: z.number().int(), failed: z.number().int(), skipped: z.number().int() })
    .optional(),
  services: z.array(ServiceEvidence).max(10).optional(),
});
export type Evidence = z.infer<typeof Evidence>;

/** True when the command ended by itself with exit code 0 and reported no failed test. */
export function passed(evidence: Evidence): boolean {
  return evidence.exitCode === 0 && !evidence.timedOut && (evidence.tests?.failed ?? 0) === 0;
}
