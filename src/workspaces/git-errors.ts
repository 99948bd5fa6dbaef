import { type FailureClass, UnreachableError, WorldError } from "../domain/failure.ts";

/** What git and curl say when the way there is broken, not the request. */
const RETRY =
  /could not (resolve|connect)|couldn't connect|failed to connect|unreachable|timed? ?out|connection (refused|reset|closed)|RPC failed|early EOF|empty reply|transfer closed|broken pipe|(send|recv) failure|HTTP\/2 (stream|framing)|hung up|unexpected disconnect|returned error: (429|5\d\d)|gnutls|SSL_|TLS|cannot lock ref|\.lock': File exists|Low speed/i;
const ASK =
  /returned error: (401|403)|authentication failed|could not read (username|password)|No space left|disk quota|read-only file system|certificate/i;

/** Subcommands that speak with GitHub. */
const REMOTE = ["clone", "fetch", "ls-remote", "push"];

/** Decides from what git printed whether trying again can help, a person must act, or it is over. */
function classifyGit(stderr: string): FailureClass {
  if (RETRY.test(stderr)) return "retry";
  if (ASK.test(stderr)) return "escalate";
  return "stop";
}

/** The failure of one git command, with the end of what git printed made visible on one line. */
export function gitFailure(subcommand: string, stderr: string, code: number | null): WorldError {
  const tail = stderr
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== "" && !line.startsWith("hint:"))
    .slice(-4)
    .join("; ")
    .replaceAll(/[^\x20-\x7e]/g, "?")
    .slice(-800);
  const message = `git ${subcommand} failed${code === null ? "" : ` with exit code ${code}`}: ${tail || "no message"}`;
  if (/No space left|disk quota/i.test(stderr))
    return new WorldError(message, "escalate", { code: "ENOSPC" });
  return gitTrouble(subcommand, message, classifyGit(stderr));
}

/** A git command that did not end or made no progress in time. */
export function gitTimeout(subcommand: string): WorldError {
  return gitTrouble(
    subcommand,
    `git ${subcommand} was stopped: no end or no progress in time`,
    "retry",
  );
}

function gitTrouble(subcommand: string, message: string, failureClass: FailureClass): WorldError {
  const atGitHub = failureClass === "retry" && REMOTE.includes(subcommand);
  return atGitHub ? new UnreachableError(message) : new WorldError(message, failureClass);
}
