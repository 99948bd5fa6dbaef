export interface Documented {
  readonly about: string;
  /** Shown in `.env.example`; the value that holds when the variable is absent, or an example of one. */
  readonly example: string;
  readonly required?: true;
  /** May also be given as a file's path in `<NAME>_FILE`. */
  readonly secret?: true;
}

/** Every setting there is, in the order of `.env.example`. */
export const DOCUMENTED = {
  APP_ID: { about: "The GitHub App's numeric id.", example: "123456", required: true },
  PRIVATE_KEY: {
    about: "The GitHub App's private key (PEM; line breaks may be written as \\n).",
    example: "-----BEGIN RSA PRIVATE KEY-----\\n...",
    required: true,
    secret: true,
  },
  WEBHOOK_SECRET: {
    about: "The webhook secret, at least 32 characters (openssl rand -hex 32).",
    example: "",
    required: true,
    secret: true,
  },
  WEBHOOK_SECRET_PREVIOUS: {
    about: "The secret before this one, accepted as well while it is being rotated.",
    example: "",
    secret: true,
  },
  ALLOWED_OWNERS: {
    about: "Logins of users and organisations that are served; empty: the app's own owner only.",
    example: "",
  },
  HOST: { about: "Address to listen on; 0.0.0.0 in a container.", example: "127.0.0.1" },
  PORT: { about: "Port to listen on; 0 takes a free one.", example: "3000" },
  LOG_LEVEL: { about: "trace, debug, info, warn, error, fatal or silent.", example: "info" },
  DATA_DIR: {
    about:
      "Folder for the database, the mirrors and the clones. Default: /var/lib/backend-orchestrator as root, else under your home.",
    example: "/var/lib/backend-orchestrator",
  },
  DATABASE_URL: {
    about: "A Postgres to use in place of the embedded one.",
    example: "",
    secret: true,
  },
  GITHUB_API_URL: {
    about: "REST address; for GitHub Enterprise Server https://HOST/api/v3.",
    example: "https://api.github.com",
  },
  GITHUB_GIT_URL: {
    about: "Where repositories are cloned from and pushed to.",
    example: "https://github.com",
  },
  GITHUB_WEB_URL: { about: "Where people see pages.", example: "https://github.com" },
  MODEL_PROVIDER: {
    about:
      "anthropic, openai, google or openai-compatible; default: the one whose key is given (ANTHROPIC_API_KEY, OPENAI_API_KEY, GOOGLE_API_KEY).",
    example: "anthropic",
  },
  MODEL_BASE_URL: {
    about: "Address of the provider's API; required for openai-compatible, local servers included.",
    example: "",
  },
  MODEL_API_KEY: {
    about: "The provider's key; the provider's usual variable works too.",
    example: "",
    secret: true,
  },
  MODEL_LARGE: { about: "Model for definitions that ask for opus.", example: "claude-opus-5-5" },
  MODEL_MEDIUM: {
    about: "Model for definitions that ask for sonnet or inherit.",
    example: "claude-sonnet-5-5",
  },
  MODEL_SMALL: { about: "Model for definitions that ask for haiku.", example: "claude-haiku-5-5" },
  AGENT_PROFILE: {
    about: "The agent that does the work: native, or the name of an ACP profile.",
    example: "native",
  },
  PLAN_APPROVAL: {
    about: "When a plan waits for approval: never, always, or large ones.",
    example: "large",
  },
  QUESTION_DAYS: {
    about: "Days a question waits for its answer before the run is blocked.",
    example: "30",
  },
  REMINDER_DAYS: {
    about: "Days after which people are reminded of an open question; 0: never.",
    example: "1,3,7",
  },
  RUN_BUDGET_USD: {
    about: "US dollars one run may spend; empty: tokens only are limited.",
    example: "",
  },
  RUN_MAX_TOKENS: { about: "Tokens one run may use.", example: "20000000" },
  RUN_MAX_MINUTES: {
    about: "Minutes one run may be at work, waits for people not counted; empty: no limit.",
    example: "",
  },
  DISPATCH_WALL_MINUTES: { about: "Minutes one dispatch may take.", example: "30" },
  DISPATCH_IDLE_MINUTES: {
    about: "Minutes a dispatch may show no sign of life.",
    example: "10",
  },
  DISPATCHES_PER_WORKER: {
    about: "Dispatches at once in this process; 0: two for each core.",
    example: "0",
  },
  DISPATCHES_PER_REPOSITORY: { about: "Dispatches at once for one repository.", example: "4" },
  ORCHESTRATOR_NAME: {
    about:
      "The name under which work is handed to this installation and commands are addressed to it; a second installation for the frontend is frontend-orchestrator.",
    example: "backend-orchestrator",
  },
  HAND_OFF_APPS: {
    about:
      "Other installations that work is handed to or taken from, as name=app id, separated by commas; only these apps' word about hand-offs counts.",
    example: "",
  },
  JAIL_MEMORY_MB: {
    about:
      "Megabytes of memory that one agent or one command may use with everything it starts, where control groups can be made; 0: half of the machine's.",
    example: "0",
  },
  KEEP_WORKFLOWS_DAYS: {
    about:
      "Days after a run's end until its recorded workflow steps, its files on disk and the payloads of old webhooks are deleted; 0: never.",
    example: "30",
  },
  KEEP_BRANCHES_DAYS: {
    about:
      "Days after a run's end until the branches of its tasks are removed, where nobody pushed to them and no pull request is open from them; the run's own branch stays; 0: never.",
    example: "30",
  },
  KEEP_LEDGER_DAYS: {
    about:
      "Days after a run's end until its ledger is moved into the archive, compressed, beside its last report; 0: never.",
    example: "365",
  },
  EGRESS_ALLOW: {
    about:
      "Further host:port pairs that builds may reach, separated by commas; package registries configured on this machine are allowed already.",
    example: "",
  },
} as const satisfies Record<string, Documented>;

/** The text of `.env.example`: every setting, commented, with its default or an example. */
export function envExample(): string {
  const blocks = Object.entries<Documented>(DOCUMENTED).map(([name, { about, example, ...is }]) => {
    const file = is.secret ? ` ${name}_FILE may name a file that holds it.` : "";
    const line = `${name}=${example}`;
    return `# ${is.required ? "Required. " : ""}${about}${file}\n${is.required ? line : `# ${line}`}\n`;
  });
  return `# Every setting of backend-orchestrator. Secrets are removed from the environment at start.\n\n${blocks.join("\n")}`;
}
