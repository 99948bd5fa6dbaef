import { defineConfig } from "vitest/config";

/** Said for each project, too: knip looks there. */
const include = ["test/**/*.test.ts"];

export default defineConfig({
  test: {
    include,
    pool: "forks",
    maxWorkers: 2,
    reporters: ["default", "./scripts/totals-reporter.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "parts",
          include,
          exclude: ["test/scenarios/**"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          // Whole runs with real git, jails and builds: how long one takes says more of the machine than of the code.
          name: "scenarios",
          include,
          exclude: ["test/!(scenarios)/**"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
