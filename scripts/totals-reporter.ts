import type { Reporter, TestModule } from "vitest/node";

/** Prints the runner's totals as one plain line, `N passed, N failed, N skipped`, which CI reads. */
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
    process.stdout.write(
      `\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`,
    );
  }
}
