import { reviewed, securityReviewed, tests, writes } from "./scripted-acts.ts";
import type { Act, Answering, SmallWorld } from "./small-world.ts";

export const PLAN_PATH = "docs/plans/2026-01-01-lists.md";

/** A plan of so many tasks that build something and one that tests it, as a person would write it. */
export function listsPlan(build: number, change: Readonly<Record<number, string>> = {}): string {
  const tasks = Array.from({ length: build }, (_, index) => {
    const n = index + 1;
    return (
      change[n] ??
      `### Task ${n}: Add list ${n}\n\n- Create: \`src/list${n}.js\`\n- Run: \`npm test\`\n  Expected: exit code 0\n`
    );
  });
  const last = `### Task ${build + 1}: Write unit tests for the lists\n\n- Create: \`test/unit.test.js\`\n`;
  return ["# Lists\n\n**Goal:** Keep lists\n", ...tasks, last].join("\n");
}

/** The base commit with that plan. */
export function baseWith(plan: string): Record<string, string> {
  return { "README.md": "sample", [PLAN_PATH]: plan };
}

export const LINKING = {
  issueTitle: "Keep lists",
  issueBody: `Carry out the plan in [the repository](${PLAN_PATH}).`,
};

/** Everybody who carries out a plan of `listsPlan` does their job at once. */
export function listActs(build: number): Record<string, Act> {
  const acts: Record<string, Act> = {
    [`task-${build + 1}`]: tests("unit"),
    "test-the-plan": tests("unit"),
    "review-the-plan": () => ({ result: reviewed("approved") }),
    "security-review-by-rule": () => ({ result: securityReviewed("approved") }),
  };
  for (let n = 1; n <= build; n++)
    acts[`task-${n}`] = writes(`src/list${n}.js`, `export const list${n} = [];`);
  return acts;
}

/** Somebody edits the plan on the base branch, once. */
export function editPlan({ git }: SmallWorld, plan: string): void {
  const main = git.branches.get("main");
  if (main && git.files(main)[PLAN_PATH] === plan) return;
  git.branches.set("main", git.commit(main ? [main] : [], baseWith(plan)));
}

/**
 * A person who answers questions in this order. What no test expects is answered with the last option, which ends the
 * run, so that the test fails instead of waiting.
 */
export function answersInOrder(...said: { option?: string; text: string }[]): {
  answering: Answering;
  asked: string[];
} {
  const asked: string[] = [];
  return {
    asked,
    answering: ({ question }) => {
      asked.push(question.text);
      const last = question.options.at(-1);
      return said[asked.length - 1] ?? { option: last?.key ?? "", text: last?.label ?? "" };
    },
  };
}
