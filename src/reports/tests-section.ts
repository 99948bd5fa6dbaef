import { testWarnings } from "../domain/gate/test-proof.ts";
import type { TestCounts } from "../domain/run/method-facts.ts";
import type { RunView } from "../domain/run/run.ts";
import { TestingResult, TestMode } from "../domain/specialist/results.ts";
import { code, inert } from "./markdown.ts";
import { count } from "./words.ts";

const FILES_NAMED = 10;

/**
 * The tests before and after the change as the host counted them, and what people should look at: tests that are gone
 * or skipped, fewer tests than the testers say, dependencies and dot-files. Undefined before the change was accounted
 * for.
 */
export function testsSection(view: RunView): string | undefined {
  const { tests } = view;
  if (!tests) return undefined;
  const { before, after, added, changed, deleted } = tests;
  const files = [
    [added.length, "added"],
    [changed.length, "changed"],
    [deleted.length, "deleted"],
  ] as const;
  const said = files.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
  const warnings = testWarnings({
    before,
    after,
    files: { added, changed, deleted },
    claimed: claimedTests(view),
  });
  return [
    `**Tests:** ${counted(before)} before the change, ${counted(after)} after · **test files:** ${said.length === 0 ? "none touched" : said.join(", ")}`,
    ...warnings.map((warning) => `- ⚠️ ${inert(warning)}`),
    ...developersTests(view),
    ...watched(view.worthALook),
  ].join("\n");
}

function counted(counts: TestCounts | null): string {
  if (counts === null) return "not counted";
  const { passed, failed, skipped } = counts;
  const rest = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  const total = passed + failed + skipped;
  return rest.length === 0 ? String(total) : `${total} (${rest.join(", ")})`;
}

/** New tests by the words of the testers whose work was taken in. */
function claimedTests(view: RunView): number {
  return view.tasks.reduce((sum, task) => {
    const result = TestingResult.safeParse(task.state === "accepted" ? task.result : undefined);
    return sum + (result.success ? result.data.test_count : 0);
  }, 0);
}

/** What became of the tests that developers brought; those of testers stand beside the requirements they cover. */
function developersTests(view: RunView): string[] {
  return view.proofs.flatMap(({ taskId, kind, detail }) => {
    const task = view.tasks.find((one) => one.task.id === taskId)?.task;
    if (!task || TestMode.safeParse(task.mode).success) return [];
    const whose = `the developer's tests of ${code(taskId)}`;
    if (kind === "proven") return [`- Without the change ${whose} fail`];
    return kind === "passes-without"
      ? [`- ⚠️ Without the change ${whose} pass, too: they show nothing about it`]
      : [`- Not tried without the change: ${whose} (${inert(detail)})`];
  });
}

function watched(files: readonly string[]): string[] {
  if (files.length === 0) return [];
  const shown = files.slice(0, FILES_NAMED).map(code).join(", ");
  const more = files.length - FILES_NAMED;
  return [
    `- Worth a look, dependencies and dot-files: ${shown}${more > 0 ? ` and ${count(more, "more file")}` : ""}`,
  ];
}
