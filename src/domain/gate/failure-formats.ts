import { isTestFile } from "./test-files.ts";

/** One failure as a runner prints it. */
export interface ParsedFailure {
  /** The test's own file where the output says it, else the file that the message points to. */
  readonly file?: string;
  /** The first production file of the stack. */
  readonly cause?: string;
  readonly test?: string;
  readonly text: string;
}

const ESCAPE = String.fromCharCode(27);
const ANSI = new RegExp(`${ESCAPE}\\[[0-9;?]*[A-Za-z]`, "g");
const MAX_INPUT = 131_072;
const MAX_FAILURES = 200;
const MAX_LINE = 1_000;
const BODY_LINES = 40;
const TEXT_LINES = 20;

/**
 * Reads failed tests and build errors from the output of Go, node:test and TAP, vitest and Jest, pytest, Rust, Maven
 * and compilers that print `file:line`. Anything else gives nothing. At most 200.
 */
export function parseFailures(output: string): ParsedFailure[] {
  const lines = output
    .slice(-MAX_INPUT)
    .replace(ANSI, "")
    .split("\n")
    .map((line) => line.slice(0, MAX_LINE).trimEnd());
  const tests = unique(testFailures(lines));
  const found = tests.length > 0 ? tests : unique(compileErrors(lines));
  return shortPaths(found).slice(0, MAX_FAILURES);
}

interface Head {
  readonly test: string;
  readonly file?: string;
  readonly text?: string;
}

const HEADS: readonly ((line: string) => Head | undefined)[] = [
  (line) => named(/^\s*--- FAIL: (\S+)/.exec(line)?.[1]),
  (line) => named(/^\s*not ok \d+ -? ?(.+?)(?: # .*)?$/.exec(line)?.[1]),
  (line) => withFile(/^\s*FAIL\s+(\S+\.\w+)\s+>\s+(.+)$/.exec(line)),
  (line) => withFile(/^FAILED ([\w./-]+\.py)::(\S+)(?: - (.*))?$/.exec(line)),
  (line) => named(/^---- (\S+) stdout ----$/.exec(line)?.[1]),
  (line) => named(/^\[ERROR\]\s+([\w$]+\.[\w$]+):\d+/.exec(line)?.[1]),
  (line) => named(/^\s*✖ (.+?)(?: \([\d.]+m?s\))?$/.exec(line)?.[1]),
  (line) => named(/^\s*● (.+ › .+)$/.exec(line)?.[1]),
];

/** Lines after which nothing belongs to the failure before. */
const BOUNDARY =
  /^\s*(?:[▶✔ℹ✓×]|# Subtest|ok \d|1\.\.\d|\.\.\.$|=== |--- PASS|test at |⎯{3})|^(?:FAIL|ok)\s*(?:\t|$)|^failures:$|^=+ /;

function named(test: string | undefined): Head | undefined {
  return test === undefined || /^failing tests:?$/i.test(test) ? undefined : { test: test.trim() };
}

function withFile(match: RegExpExecArray | null): Head | undefined {
  const [, file, test, text] = match ?? [];
  if (file === undefined || test === undefined) return undefined;
  return { file, test: test.trim(), ...(text ? { text } : {}) };
}

interface Open {
  readonly head: Head;
  readonly body: string[];
}

function testFailures(lines: readonly string[]): ParsedFailure[] {
  const found: Open[] = [];
  let open: Open | undefined;
  let place: string | undefined;
  for (const line of lines) {
    const head = HEADS.map((read) => read(line)).find((one) => one !== undefined);
    if (head !== undefined) {
      open = { head: place === undefined ? head : { file: place, ...head }, body: [] };
      found.push(open);
      place = undefined;
      continue;
    }
    if (BOUNDARY.test(line)) {
      open = undefined;
      // node:test names a failing test's place before its name, Go a test's package after it.
      place = /^test at (\S+?):\d+/.exec(line)?.[1];
      inPackage(found, /^FAIL\t(\S+)\t/.exec(line)?.[1]);
    } else if (open && open.body.length < BODY_LINES) open.body.push(line);
  }
  const failures = found
    .filter(({ body }) => !body.some((line) => line.includes("subtestsFailed")))
    .map(finish);
  const telling = failures.filter((failure) => failure.text !== "" || failure.file !== undefined);
  return telling.length > 0 ? telling : failures;
}

/** Go prints bare file names; the package that ends the block tells them apart. */
function inPackage(found: Open[], name: string | undefined): void {
  if (name === undefined) return;
  for (const [index, one] of found.entries()) {
    const bare = one.head.file ?? placesIn(one.body).find(isTestFile);
    if (bare === undefined || bare.includes("/") || !bare.endsWith(".go")) continue;
    found[index] = { ...one, head: { ...one.head, file: `${name}/${bare}` } };
  }
}

function finish({ head, body }: Open): ParsedFailure {
  const places = placesIn(body);
  const file = head.file ?? places.find(isTestFile) ?? places[0];
  const cause = places.find((place) => !isTestFile(place));
  const text = [...(head.text ? [head.text] : []), ...body.filter((line) => line.trim() !== "")];
  return {
    ...(file === undefined ? {} : { file }),
    ...(cause === undefined || cause === file ? {} : { cause }),
    test: head.test,
    text: text.slice(0, TEXT_LINES).join("\n"),
  };
}

const PLACE = /(?:^|[\s("'])(\.{0,2}\/?(?:[\w@.-]+\/)*[\w@-][\w@.-]*\.[a-z]{1,5}):\d+/i;

/** The files of the repository that lines point to; dependencies and the runtime do not count. */
function placesIn(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    if (/node_modules|node:|\/usr\/|\/rustc\/|\/go\/pkg\/|\/golang|site-packages/.test(line))
      return [];
    const path = PLACE.exec(line.replace("file://", ""))?.[1];
    return path === undefined ? [] : [path.replace(/^\.\//, "")];
  });
}

const COMPILER =
  /^\s*(?:error(?:\[\w+\])?[: ]+)?(\.?\/?(?:[\w@.-]+\/)*[\w@-][\w@.-]*\.[a-z]{1,5})[:(]\d+(?:[:,]\d+)?\)?:?\s+(.*\S)/i;

function compileErrors(lines: readonly string[]): ParsedFailure[] {
  return lines.flatMap((line) => {
    const [, file, message] = COMPILER.exec(line) ?? [];
    if (file === undefined || message === undefined || /^(?:warning|note)\b/i.test(message))
      return [];
    return [{ file: file.replace(/^\.\//, ""), text: message }];
  });
}

/** Runners print a failed test twice; the one that says where it is stays. */
function unique(failures: readonly ParsedFailure[]): ParsedFailure[] {
  const seen = new Map<string, ParsedFailure>();
  for (const failure of failures) {
    const key = failure.test === undefined ? `${failure.file ?? ""}|${failure.text}` : failure.test;
    const sameTest = [...seen].find(
      ([other, one]) => other.startsWith(`${key}|`) && one.file === failure.file,
    );
    const known = seen.get(key);
    if (known === undefined) seen.set(key, failure);
    else if (known.file === undefined) seen.set(key, failure);
    else if (failure.file !== undefined && failure.file !== known.file && !sameTest)
      seen.set(`${key}|${failure.file}`, failure);
  }
  return [...seen.values()];
}

/** Absolute paths shortened to the relative ones that others give, else by the folder they all share. */
function shortPaths(failures: readonly ParsedFailure[]): ParsedFailure[] {
  const all = failures.flatMap((one) => [one.file, one.cause]).filter((path) => path !== undefined);
  const relative = all.filter((path) => !path.startsWith("/"));
  const absolute = all.filter((path) => path.startsWith("/"));
  const root = rootOf(absolute, relative);
  function short(path: string): string {
    return root !== "" && path.startsWith(root) ? path.slice(root.length) : path;
  }
  return failures.map((one) => ({
    ...one,
    ...(one.file === undefined ? {} : { file: short(one.file) }),
    ...(one.cause === undefined ? {} : { cause: short(one.cause) }),
  }));
}

function rootOf(absolute: readonly string[], relative: readonly string[]): string {
  for (const path of absolute) {
    const twin = relative.find((other) => path.endsWith(`/${other}`));
    if (twin !== undefined) return path.slice(0, -twin.length);
  }
  const folders = absolute.map((path) => path.slice(0, path.lastIndexOf("/") + 1));
  const [first = "", ...rest] = folders;
  let shared = first;
  for (const folder of rest)
    while (!folder.startsWith(shared))
      shared = shared.slice(0, shared.lastIndexOf("/", shared.length - 2) + 1);
  return shared;
}
