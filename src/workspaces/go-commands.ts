import { posix } from "node:path";
import { basename } from "node:path/posix";

/** Whether a command runs Go, and in which folder below the one it starts in. */
export interface GoUse {
  readonly folder: string;
  /** `hidden`: a program that may run Go, such as make; only a `go.mod` in that folder makes it likely. */
  readonly kind: "go" | "hidden";
}

const GO_PROGRAMS = new Set(["go", "gotestsum", "golangci-lint", "ginkgo", "mage", "staticcheck"]);
const RUNNERS = new Set(["make", "gmake", "just", "task"]);
const SHELLS = new Set(["sh", "bash", "dash", "zsh"]);
/** Words before a program that leave it the program. */
const WRAPPERS = new Set(
  "env exec time command nohup nice timeout xargs if then else elif while until do !".split(" "),
);
const ASSIGNMENT = /^\w+=/;
const WRAPPERS_OWN = /^(-.*|\d+(\.\d+)?[smhd]?)$/;

/**
 * Reads a shell command as far as it has to be read for this: programs by their place, not words that happen to be
 * "go". The first program that is Go's decides, else the first that may hide Go.
 */
export function goUse(command: string): GoUse | undefined {
  const uses = usesIn(command, ".");
  return uses.find(({ kind }) => kind === "go") ?? uses[0];
}

function usesIn(command: string, start: string): GoUse[] {
  const uses: GoUse[] = [];
  let folder = start;
  for (const words of simpleCommands(command)) {
    const [program = "", ...args] = withoutWrappers(words);
    const [first = ""] = args;
    if (program === "cd" && isPlainFolder(first)) folder = posix.join(folder, first);
    const name = basename(program);
    if (SHELLS.has(name) && first === "-c") uses.push(...usesIn(args[1] ?? "", folder));
    else if (GO_PROGRAMS.has(name)) uses.push({ folder: changed(folder, args), kind: "go" });
    else if (RUNNERS.has(name)) uses.push({ folder: changed(folder, args), kind: "hidden" });
    else if (SHELLS.has(name) || program.includes("/")) uses.push({ folder, kind: "hidden" });
  }
  return uses.filter(({ folder: at }) => at !== ".." && !at.startsWith("../"));
}

/** `go -C dir` and `make -C dir` work in another folder. */
function changed(folder: string, [option, dir = ""]: readonly string[]): string {
  return option === "-C" && isPlainFolder(dir) ? posix.join(folder, dir) : folder;
}

function isPlainFolder(word: string): boolean {
  return /^[\w.@+-][\w./@+-]*$/.test(word) && !word.startsWith("-");
}

function withoutWrappers(words: readonly string[]): readonly string[] {
  let wrapped = false;
  const at = words.findIndex((word) => {
    if (WRAPPERS.has(word)) {
      wrapped = true;
      return false;
    }
    return !(ASSIGNMENT.test(word) || (wrapped && WRAPPERS_OWN.test(word)));
  });
  return at < 0 ? [] : words.slice(at);
}

/** The words of each command between `;`, `&`, `|`, brackets and line ends; quotes and backslashes keep words whole. */
function simpleCommands(text: string): string[][] {
  const commands: string[][] = [[]];
  const token =
    /'([^']*)'|"((?:\\[^]|[^"\\])*)"|\\([^])|(\s*[;&|(){}`\n]+\s*|#[^\n]*)|([ \t]+)|([^])/g;
  let word: string | undefined;
  function end(): void {
    if (word !== undefined) commands.at(-1)?.push(word);
    word = undefined;
  }
  for (const [, single, double, escaped, operator, blank, other] of text.matchAll(token)) {
    if (operator !== undefined && !(operator.startsWith("#") && word !== undefined)) {
      end();
      commands.push([]);
    } else if (blank !== undefined) end();
    else word = (word ?? "") + (single ?? double ?? escaped ?? operator ?? other ?? "");
  }
  end();
  return commands.filter((words) => words.length > 0);
}
