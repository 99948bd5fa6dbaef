import type { Reporter, TestModule } from "vitest/node";

/** Prints the runner's totals, `N passed, N failed`, on a line of their own, which CI reads; skipped ones before it. */
export default class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const totals = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state !== "pending") totals[state] += 1;
      }
      if (module.errors().length > 0) totals.failed += 1;
    }
    if (totals.skipped > 0) process.stdout.write(`\n${totals.skipped} skipped\n`);
    process.stdout.write(`\n${totals.passed} passed, ${totals.failed} failed\n`);
  }
}
