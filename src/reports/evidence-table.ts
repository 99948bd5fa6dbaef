import { type Evidence, passed, type ServiceEvidence } from "../domain/gate/evidence.ts";
import type { RunView } from "../domain/run/run.ts";
import { cell, clip, code, details, fence } from "./markdown.ts";
import { duration, shortSha } from "./words.ts";

/** The commands that were run on the present head: command, commit, exit code, tests, time, log digest. */
export function evidenceTable(view: RunView): string | undefined {
  const fresh = current(view);
  if (fresh.length === 0) return undefined;
  const rows = fresh.map((item) => {
    const where = item.cwd === "." ? "" : ` in ${cell(item.cwd)}`;
    const exit = item.timedOut ? "timed out" : String(item.exitCode);
    const tests = item.tests ? `${item.tests.passed} passed, ${item.tests.failed} failed` : "";
    return `| ${passed(item) ? "✔" : "✘"} ${item.kind} | ${cell(item.command)}${where} | ${code(shortSha(item.sha))} | ${exit} | ${tests} | ${duration(item.durationMs)} | ${code(item.outputDigest.slice(0, 12))} | ${item.source} |`;
  });
  const head = [
    "| Evidence | Command | Commit | Exit | Tests | Time | Log sha256 | From |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
  ];
  return [...head, ...rows].join("\n");
}

/** The tail of the output of every command that failed on the present head, and of its services' logs, folded. */
export function failedOutput(view: RunView): string | undefined {
  const failed = current(view).filter((item) => !passed(item));
  if (failed.length === 0) return undefined;
  return failed
    .flatMap((item) => [
      details(
        `Output of ${htmlCode(item.command)} (exit ${item.exitCode})`,
        fence(clip(item.outputTail, 6_000), "text"),
      ),
      ...(item.services ?? []).map(serviceLog),
    ])
    .join("\n\n");
}

function serviceLog({ name, exitCode, readyMs, logTail }: ServiceEvidence): string {
  const ready = readyMs === null ? "never ready" : `ready after ${duration(readyMs)}`;
  const ended = exitCode === null ? "" : `, ended by itself with ${exitCode}`;
  return details(`Log of service ${name} (${ready}${ended})`, fence(clip(logTail, 3_000), "text"));
}

function current(view: RunView): Evidence[] {
  const latest = new Map<string, Evidence>();
  for (const { evidence } of view.evidence)
    if (evidence.sha === view.headSha)
      latest.set(`${evidence.kind} ${evidence.cwd} ${evidence.command}`, evidence);
  return [...latest.values()];
}

function htmlCode(text: string): string {
  const escaped = text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/\s+/g, " ");
  return `<code>${clip(escaped, 200)}</code>`;
}
