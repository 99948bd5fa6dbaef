import { z } from "zod";
import { Sha } from "../ids.ts";

/** What a command of a repository is for. */
export const CommandKind = z.enum(["setup", "build", "lint", "test"]);
export type CommandKind = z.infer<typeof CommandKind>;

/** Where a command came from; only the first three were fixed before the change existed. */
export const CommandSource = z.enum(["base-config", "repository-config", "detected", "change"]);

/** One command to run in the jail, by `sh -c`, in `cwd` relative to the checkout. */
export const RepoCommand = z.object({
  kind: CommandKind,
  command: z.string().min(1).max(2_000),
  cwd: z.string().default("."),
  source: CommandSource,
  /** Milliseconds after which the command counts as failed. */
  timeoutMs: z.number().int().positive().default(600_000),
});
export type RepoCommand = z.infer<typeof RepoCommand>;

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
});
export type Evidence = z.infer<typeof Evidence>;

/** True when the command ended by itself with exit code 0 and reported no failed test. */
export function passed(evidence: Evidence): boolean {
  return evidence.exitCode === 0 && !evidence.timedOut && (evidence.tests?.failed ?? 0) === 0;
}
