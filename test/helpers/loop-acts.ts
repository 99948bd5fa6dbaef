import { reviewed, writes } from "./scripted-acts.ts";
import type { Act, Answering, SmallWorld } from "./small-world.ts";

/** A developer whose every fix is another text, so that no two changes are the same. */
export function tries(work: Parameters<Act>[0]): ReturnType<Act> {
  return writes("src/handler.js", `${work.files["src/handler.js"] ?? ""}\ntry`)(work);
}

/** A developer whose code stays broken, although every attempt changes something. */
export function breaks(work: Parameters<Act>[0]): ReturnType<Act> {
  work.files[`src/attempt-${work.attempt}.js`] = "x";
  return writes("src/handler.js", "BROKEN")(work);
}

/** A developer that leaves these files broken, each for a reason of its own. */
export function leaves(...parts: readonly string[]): Act {
  return (work) => {
    for (const part of parts) work.files[`src/${part}.js`] = `BROKEN ${part} is not there`;
    return writes("src/handler.js", "ok")(work);
  };
}

/** An investigator that mends the file its findings name. */
export function mends(work: Parameters<Act>[0]): ReturnType<Act> {
  const part = /FAIL src\/(\w+)\.js|^src\/(\w+)\.js, works/m.exec(work.prompt);
  const name = part?.[1] ?? part?.[2] ?? "nothing";
  return writes(`src/${name}.js`, `mended ${name}`)(work);
}

/** An important issue of a code review. */
export function issue(line: number, description = "no check"): object {
  return { severity: "important", file: "src/handler.js", line, description, fix: "check it" };
}

/** A finding of a security review. */
export function securityFinding(severity: "CRITICAL" | "HIGH"): object {
  const place = { file: "src/handler.js", line: 1 };
  return {
    severity,
    title: "SQL",
    ...place,
    description: "input in a query",
    remediation: "bind it",
  };
}

/** A review that misses something, and also finds an issue of quality. */
export function specGap(missing: string): unknown {
  const good = reviewed("approved", [issue(3, "slow loop")]) as Record<string, object>;
  return {
    ...good,
    spec: { verdict: "not_compliant", missing: [missing], extra: [], deviations: [] },
  };
}

/** Answers loop questions one after another; the last answer stays. */
export function answers(...given: { option?: string; text: string }[]): Answering {
  let asked = 0;
  return ({ question }) => {
    if (!question.text.includes("The run is stuck")) return undefined;
    asked += 1;
    return given[Math.min(asked, given.length) - 1];
  };
}

/** Task and attempt of every dispatch, in order. */
export function dispatchOrder(world: SmallWorld): string[] {
  return world.dispatched.map((id) => id.split(".").slice(1).join("."));
}
