import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { Secret } from "./domain/secret.ts";
import { OrchestratorName } from "./domain/triage/hand-off.ts";
import { ALONE, type Orchestrators } from "./domain/triage/orchestrators.ts";
import { DOCUMENTED, type Documented } from "./settings-table.ts";

export type ModelProvider = "anthropic" | "openai" | "google" | "openai-compatible";

/** Everything the operator decides, read once at start. Secrets print as `[secret]`. */
export interface Settings {
  readonly app: {
    readonly id: number;
    readonly privateKey: Secret;
    /** The current webhook secret, then the previous one while it is being rotated. */
    readonly webhookSecrets: readonly Secret[];
    /** Lower-case logins served; undefined means the app's own owner only. */
    readonly allowedOwners: readonly string[] | undefined;
  };
  readonly server: { readonly host: string; readonly port: number; readonly logLevel: string };
  readonly dataDir: string;
  readonly databaseUrl: Secret | undefined;
  readonly github: { readonly apiUrl: string; readonly gitUrl: string; readonly webUrl: string };
  readonly model: {
    readonly provider: ModelProvider;
    readonly baseUrl: string | undefined;
    readonly apiKey: Secret | undefined;
    readonly tiers: Readonly<Record<"large" | "medium" | "small", string>>;
  };
  readonly orchestrators: Orchestrators;
  readonly agentProfile: string;
  readonly planApproval: "never" | "always" | "large";
  readonly limits: {
    readonly budgetUsd: number | undefined;
    readonly maxTokens: number;
    readonly maxMinutes: number | undefined;
    readonly wallMs: number;
    readonly idleMs: number;
    readonly questionDays: number;
    readonly reminderDays: readonly number[];
    /** 0 means two for each processor core. */
    readonly dispatchesPerWorker: number;
    readonly dispatchesPerRepository: number;
    /** Of everything in one jail; undefined means the jail's own default. */
    readonly jailMemoryBytes: number | undefined;
  };
  /** Days that each kind of leftover of an ended run is kept; 0: for ever. */
  readonly keepDays: {
    readonly workflows: number;
    readonly branches: number;
    readonly ledger: number;
  };
  readonly egressAllow: readonly { readonly host: string; readonly port: number }[];
}

export type ReadSettings =
  | { readonly settings: Settings }
  | { readonly problems: readonly string[] };

type Name = keyof typeof DOCUMENTED;
type Env = Record<string, string | undefined>;

/** The providers' usual variables; the first one present also chooses the provider. */
const PROVIDER_KEYS = [
  ["anthropic", "ANTHROPIC_API_KEY"],
  ["openai", "OPENAI_API_KEY"],
  ["google", "GOOGLE_API_KEY"],
  ["google", "GEMINI_API_KEY"],
  ["google", "GOOGLE_GENERATIVE_AI_API_KEY"],
] as const;

const TIERS: Readonly<Record<ModelProvider, Settings["model"]["tiers"] | undefined>> = {
  anthropic: { large: "claude-opus-5-5", medium: "claude-sonnet-5-5", small: "claude-haiku-5-5" },
  openai: { large: "gpt-5.5", medium: "gpt-5.5", small: "gpt-5.4-mini" },
  google: { large: "gemini-pro-latest", medium: "gemini-pro-latest", small: "gemini-flash-latest" },
  "openai-compatible": undefined,
};

const Url = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""));
const Count = z.coerce.number().int().nonnegative();
const Positive = z.coerce.number().positive();
const Minutes = Positive.max(24 * 60).transform((minutes) => minutes * 60_000);
const List = z.string().transform((text) => text.split(/[\s,]+/).filter((item) => item !== ""));
const Days = List.transform((days) => days.map(Number)).pipe(
  z.array(z.number().nonnegative()).max(10),
);
const Endpoint = z.string().regex(/^[a-z0-9.-]+:\d{1,5}$/i, "expected host:port");
const OtherApp = z
  .string()
  .regex(/^[a-z][a-z0-9-]{2,60}=[1-9]\d{0,11}$/, "expected name=app id")
  .transform((text): [number, string] => {
    const [name = "", id = ""] = text.split("=");
    return [Number(id), name];
  });
const WebhookSecret = z.string().min(32, "needs at least 32 characters");

/** Collects every problem, so that an operator mends them all at once. */
class Reader {
  readonly problems: string[] = [];
  readonly #env: Env;

  constructor(env: Env) {
    this.#env = env;
  }

  /** The variable's text, from `<NAME>_FILE` when that is given; a secret is removed from the environment. */
  text(name: string): string | undefined {
    const secret = name in DOCUMENTED ? "secret" in DOCUMENTED[name as Name] : true;
    const path = secret ? this.#env[`${name}_FILE`] : undefined;
    const direct = this.#env[name];
    if (secret) delete this.#env[name];
    if (direct !== undefined && direct.trim() !== "") return direct;
    if (path === undefined || path === "") return undefined;
    try {
      const content = readFileSync(path, "utf8").trim();
      if (content !== "") return content;
      this.problems.push(`${name}_FILE: ${path} is empty.`);
    } catch (error) {
      this.problems.push(
        `${name}_FILE: cannot read ${path} (${(error as NodeJS.ErrnoException).code}).`,
      );
    }
    return undefined;
  }

  get<T>(name: Name, schema: z.ZodType<T>): T | undefined {
    const text = this.text(name);
    if (text !== undefined) return this.check(name, text, schema);
    const known: Documented = DOCUMENTED[name];
    const missing = !this.problems.some((problem) => problem.startsWith(`${name}_FILE:`));
    if (known.required && missing) {
      const file = known.secret ? ` (or ${name}_FILE)` : "";
      this.problems.push(`${name}${file} is missing: ${known.about}`);
    }
    return undefined;
  }

  check<T>(name: Name, text: string, schema: z.ZodType<T>): T | undefined {
    const result = schema.safeParse(text.trim());
    if (result.success) return result.data;
    const reason = result.error.issues[0]?.message ?? "is not valid";
    this.problems.push(`${name}: ${reason}. ${DOCUMENTED[name].about}`);
    return undefined;
  }

  secret(name: Name, schema: z.ZodType<string> = z.string().min(1)): Secret | undefined {
    const value = this.get(name, schema);
    return value === undefined ? undefined : new Secret(value);
  }
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}

const PrivateKey = z
  .string()
  .transform((text) => text.replaceAll("\\n", "\n"))
  .refine(isPrivateKey, "is not an RSA private key in PEM form");

function readModel(reader: Reader): Settings["model"] | undefined {
  const given = PROVIDER_KEYS.map(([provider, name]) => ({ provider, key: reader.text(name) }));
  const found = given.filter(({ key }) => key !== undefined);
  const provider =
    reader.get("MODEL_PROVIDER", z.enum(["anthropic", "openai", "google", "openai-compatible"])) ??
    found[0]?.provider;
  const baseUrl = reader.get("MODEL_BASE_URL", Url);
  const own = reader.secret("MODEL_API_KEY");
  const asked = {
    large: reader.get("MODEL_LARGE", z.string()),
    medium: reader.get("MODEL_MEDIUM", z.string()),
    small: reader.get("MODEL_SMALL", z.string()),
  };
  if (provider === undefined) {
    reader.problems.push(
      "MODEL_PROVIDER is missing and no provider's key is set: set ANTHROPIC_API_KEY, OPENAI_API_KEY or GOOGLE_API_KEY, or MODEL_PROVIDER=openai-compatible with MODEL_BASE_URL.",
    );
    return undefined;
  }
  const fallback = found.find((entry) => entry.provider === provider)?.key;
  const apiKey = own ?? (fallback === undefined ? undefined : new Secret(fallback.trim()));
  if (apiKey === undefined && provider !== "openai-compatible") {
    reader.problems.push(`MODEL_API_KEY (or MODEL_API_KEY_FILE) is missing for ${provider}.`);
  }
  if (provider === "openai-compatible" && baseUrl === undefined) {
    reader.problems.push("MODEL_BASE_URL is missing: openai-compatible needs an address.");
  }
  const usual = TIERS[provider];
  const medium = asked.medium ?? usual?.medium ?? asked.large ?? asked.small;
  if (medium === undefined) {
    reader.problems.push(`MODEL_MEDIUM is missing: ${provider} has no usual model.`);
    return undefined;
  }
  const large = asked.large ?? usual?.large ?? medium;
  const small = asked.small ?? usual?.small ?? medium;
  return { provider, baseUrl, apiKey, tiers: { large, medium, small } };
}

function usualDataDir(env: Env): string {
  if (process.getuid?.() === 0) return "/var/lib/backend-orchestrator";
  return join(env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share"), "backend-orchestrator");
}

function endpoint(text: string): { host: string; port: number } {
  const colon = text.lastIndexOf(":");
  return { host: text.slice(0, colon).toLowerCase(), port: Number(text.slice(colon + 1)) };
}

function readLimits(reader: Reader): Settings["limits"] {
  return {
    budgetUsd: reader.get("RUN_BUDGET_USD", Positive),
    maxTokens: reader.get("RUN_MAX_TOKENS", Count.min(1)) ?? 20_000_000,
    maxMinutes: reader.get("RUN_MAX_MINUTES", Positive),
    wallMs: reader.get("DISPATCH_WALL_MINUTES", Minutes) ?? 30 * 60_000,
    idleMs: reader.get("DISPATCH_IDLE_MINUTES", Minutes) ?? 10 * 60_000,
    questionDays: reader.get("QUESTION_DAYS", Positive.max(365)) ?? 30,
    reminderDays: reader.get("REMINDER_DAYS", Days) ?? [1, 3, 7],
    dispatchesPerWorker: reader.get("DISPATCHES_PER_WORKER", Count) ?? 0,
    jailMemoryBytes: (reader.get("JAIL_MEMORY_MB", Count) ?? 0) * 1024 * 1024 || undefined,
    dispatchesPerRepository: reader.get("DISPATCHES_PER_REPOSITORY", Count.min(1)) ?? 4,
  };
}

function readOrchestrators(reader: Reader): Orchestrators {
  const name = reader.get("ORCHESTRATOR_NAME", OrchestratorName) ?? ALONE.name;
  const pairs = reader.get("HAND_OFF_APPS", List.pipe(z.array(OtherApp))) ?? [];
  return { name, others: new Map(pairs) };
}

/**
 * Reads every setting and reports every problem at once. Removes the secrets it read from `env`, so that no child
 * process inherits them: pass `process.env` itself.
 */
export function readSettings(env: Env): ReadSettings {
  const reader = new Reader(env);
  const id = reader.get("APP_ID", Count.min(1));
  const privateKey = reader.secret("PRIVATE_KEY", PrivateKey);
  const webhookSecret = reader.secret("WEBHOOK_SECRET", WebhookSecret);
  const previous = reader.secret("WEBHOOK_SECRET_PREVIOUS", WebhookSecret);
  const owners = reader.get("ALLOWED_OWNERS", List);
  const model = readModel(reader);
  const server = {
    host: reader.get("HOST", z.string()) ?? "127.0.0.1",
    port: reader.get("PORT", Count.max(65_535)) ?? 3000,
    logLevel:
      reader.get(
        "LOG_LEVEL",
        z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]),
      ) ?? "info",
  };
  const rest = {
    dataDir: reader.get("DATA_DIR", z.string()) ?? usualDataDir(env),
    databaseUrl: reader.secret("DATABASE_URL", z.url({ protocol: /^postgres(ql)?$/ })),
    github: {
      apiUrl: reader.get("GITHUB_API_URL", Url) ?? "https://api.github.com",
      gitUrl: reader.get("GITHUB_GIT_URL", Url) ?? "https://github.com",
      webUrl: reader.get("GITHUB_WEB_URL", Url) ?? "https://github.com",
    },
    orchestrators: readOrchestrators(reader),
    agentProfile: reader.get("AGENT_PROFILE", z.string().regex(/^[a-z][a-z0-9-]*$/)) ?? "native",
    planApproval: reader.get("PLAN_APPROVAL", z.enum(["never", "always", "large"])) ?? "large",
    limits: readLimits(reader),
    keepDays: {
      workflows: reader.get("KEEP_WORKFLOWS_DAYS", Count) ?? 30,
      branches: reader.get("KEEP_BRANCHES_DAYS", Count) ?? 30,
      ledger: reader.get("KEEP_LEDGER_DAYS", Count) ?? 365,
    },
    egressAllow: (reader.get("EGRESS_ALLOW", List.pipe(z.array(Endpoint))) ?? []).map(endpoint),
  };
  if (id === undefined || !privateKey || !webhookSecret || !model || reader.problems.length > 0) {
    return { problems: reader.problems };
  }
  const allowedOwners = owners?.map((login) => login.toLowerCase());
  const webhookSecrets = previous ? [webhookSecret, previous] : [webhookSecret];
  return {
    settings: { app: { id, privateKey, webhookSecrets, allowedOwners }, server, model, ...rest },
  };
}
