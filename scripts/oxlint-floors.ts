/**
 * The floors of docs/design.md section 3 as oxlint overrides: which room may import which.
 * `scripts/generate.ts` writes them into `.oxlintrc.json`; a test plants violations and sees them fail.
 */
const WINGS = [
  "webhooks",
  "commands",
  "workflow",
  "github",
  "workspaces",
  "agents",
  "engine",
  "web",
];
const ROOF = ["cli", "doctor", "playground", "native-agent"];
const ROOF_FILES = [
  "main",
  "app",
  "server",
  "storage",
  "machine",
  "log",
  "upkeep",
  "retention",
  "manifest",
  "settings",
];

interface Floor {
  readonly files: readonly string[];
  readonly forbidden: readonly { readonly regex: string; readonly message: string }[];
}

function relative(names: readonly string[]): string {
  return `^(\\.\\./)+(${names.join("|")})(/|\\.ts$)`;
}

function wing(name: string): Floor {
  const mayUse = name === "webhooks" ? ["commands"] : [];
  const others = WINGS.filter((other) => other !== name && !mayUse.includes(other));
  return {
    files: [`src/${name}/**`],
    forbidden: [
      {
        regex: relative([...others, ...ROOF, ...ROOF_FILES]),
        message: `src/${name} is a wing: it imports ground and ports, and meets other wings only on the roof.`,
      },
    ],
  };
}

const GROUND: Floor = {
  files: ["src/domain/**", "src/reports/**"],
  forbidden: [
    {
      regex: relative([...WINGS, ...ROOF, ...ROOF_FILES, "ports"]),
      message: "Ground is pure: it imports zod and ground only.",
    },
    { regex: "^[^.z]", message: "Ground is pure: it imports zod and ground only." },
  ],
};

const PORTS: Floor = {
  files: ["src/ports/**"],
  forbidden: [
    {
      regex: relative([...WINGS, ...ROOF, ...ROOF_FILES]),
      message: "Ports are types over ground only.",
    },
  ],
};

const WORKFLOW_PURITY: Floor = {
  files: ["src/workflow/**"],
  forbidden: [
    {
      regex: "^(node:|@octokit|probot|pg|kysely|@dbos)",
      message:
        "The workflow knows the world by ports only: no Node, Octokit, git, DBOS or Postgres.",
    },
    ...wing("workflow").forbidden,
  ],
};

const NATIVE_AGENT: Floor = {
  files: ["src/native-agent/**"],
  forbidden: [
    {
      regex: relative([...WINGS, "domain", "reports", "cli", "playground", "ports", ...ROOF_FILES]),
      message:
        "The native agent is a program of its own: it runs inside the jail and imports nothing of the app.",
    },
  ],
};

const PLAYGROUND_MESSAGE =
  "The playground stands apart: it is the other side of the wire and shares no code with the app.";

/**
 * The playground has a room "github" of its own: the app's is exactly as many floors up as the
 * importing file lies deep.
 */
function playground(depth: number): Floor {
  const rooms = WINGS.filter((name) => name !== "github");
  return {
    files: [`src/playground/${"*/".repeat(depth - 1)}*.ts`],
    forbidden: [
      { regex: relative([...rooms, ...ROOF_FILES, "cli", "ports"]), message: PLAYGROUND_MESSAGE },
      { regex: `^(\\.\\./){${depth}}github/`, message: PLAYGROUND_MESSAGE },
    ],
  };
}

/** Every floor rule, one entry per group of files. */
export const FLOORS: readonly Floor[] = [
  GROUND,
  PORTS,
  ...WINGS.filter((name) => name !== "workflow").map(wing),
  WORKFLOW_PURITY,
  NATIVE_AGENT,
  ...[1, 2, 3, 4].map(playground),
];

/** The `.oxlintrc.json` of this project as a value. */
export function oxlintConfig(): object {
  return {
    $schema: "./node_modules/oxlint/configuration_schema.json",
    plugins: ["typescript", "import", "node", "unicorn", "oxc", "promise"],
    categories: { correctness: "error", suspicious: "error" },
    options: { typeAware: true },
    rules: {
      "max-lines": ["error", { max: 300 }],
      "max-params": ["error", { max: 3 }],
      "func-style": ["error", "declaration", { allowArrowFunctions: false }],
      "import/no-default-export": "error",
      "import/no-cycle": "error",
      "oxc/no-barrel-file": "error",
      "node/no-process-env": "error",
      "typescript/no-explicit-any": "error",
      "typescript/no-non-null-assertion": "error",
      "typescript/no-floating-promises": "error",
      "typescript/no-misused-promises": "error",
      "import/no-unassigned-import": "off",
      "no-await-in-loop": "off",
      "import/no-named-as-default-member": "off",
      "no-shadow": "off",
      "no-underscore-dangle": "off",
      "unicorn/no-array-sort": "off",
      "unicorn/no-array-reverse": "off",
      "unicorn/consistent-function-scoping": "off",
      "typescript/no-unsafe-type-assertion": "off",
      "typescript/consistent-return": "off",
      "promise/always-return": "off",
    },
    ignorePatterns: ["node_modules", "**/fixtures/**", "docs/**"],
    overrides: [
      {
        files: ["src/**", "bench/**", "scripts/**"],
        rules: { "max-lines-per-function": ["error", { max: 60 }] },
      },
      {
        files: [
          "src/settings.ts",
          "src/main.ts",
          "src/cli/**",
          "src/native-agent/**",
          "test/**",
          "bench/**",
          "scripts/**",
        ],
        rules: { "node/no-process-env": "off" },
      },
      {
        files: ["src/app.ts", "*.config.ts", "scripts/totals-reporter.ts"],
        rules: { "import/no-default-export": "off" },
      },
      ...FLOORS.map((floor) => ({
        files: floor.files,
        rules: { "no-restricted-imports": ["error", { patterns: floor.forbidden }] },
      })),
    ],
  };
}
