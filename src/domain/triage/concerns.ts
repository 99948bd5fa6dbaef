import { matchesGlob } from "../glob.ts";
import type { TaskMode } from "../plan/plan.ts";
import { type PreparedSubject, prepareSubject, type Subject } from "../skill/routing.ts";
import { mentions } from "../words.ts";

/** What a piece of work is about, as far as it decides who does it. */
type Concern =
  | "architecture"
  | "implementation"
  | "unit"
  | "integration"
  | "acceptance"
  | "review"
  | "security"
  | "external-service"
  | "whole-system"
  | "frontend";

export interface FoundConcern {
  readonly concern: Concern;
  readonly reason: string;
}

interface Signs {
  readonly words: readonly string[];
  readonly paths?: readonly string[];
}

const SIGNS: Readonly<Record<Concern, Signs>> = {
  architecture: {
    words: [
      "architecture",
      "design decision",
      "design the",
      "design a",
      "how should we structure",
      "service boundaries",
      "trade-offs",
      "alternatives",
      "data model",
      "database schema",
      "api contract",
    ],
  },
  implementation: {
    words: [
      "implement",
      "implementation",
      "add",
      "build",
      "create",
      "write code",
      "fix",
      "refactor",
      "rename",
      "migrate",
      "support",
      "extract",
      "separate",
      "remove",
    ],
  },
  unit: {
    words: ["unit test", "table-driven test", "tests in isolation"],
    paths: ["**/*_test.go"],
  },
  integration: {
    words: ["integration test", "contract test", "service test", "test database"],
    paths: ["**/integration/**"],
  },
  acceptance: {
    words: ["acceptance test", "end-to-end", "end to end", "e2e"],
    paths: ["**/acceptance/**", "**/e2e/**"],
  },
  review: { words: ["code review", "review the code", "review the change", "review this"] },
  security: {
    words: [
      "auth",
      "authentication",
      "authenticate",
      "authorisation",
      "authorization",
      "login",
      "log in",
      "sign in",
      "password",
      "session cookie",
      "access token",
      "refresh token",
      "api token",
      "jwt",
      "oauth",
      "permission",
      "access control",
      "secret",
      "credential",
      "api key",
      "private key",
      "encryption",
      "encrypt",
      "user input",
      "validation",
      "validate",
      "untrusted",
      "file upload",
      "upload",
      "webhook",
      "sql",
      "sanitise",
      "sanitize",
      "security",
      "vulnerability",
      "owasp",
    ],
    paths: [
      "**/{auth,authn,authz,login,session,sessions,security,crypto,secrets,middleware}/**",
      "**/{auth,login,session,secrets,password,token,crypto}.*",
      "**/{auth,login,session,secret,password,token,crypto}{-,_}*.*",
      "**/*{-,_}{auth,login,session,secret,password,token,crypto}.*",
      "**/{handlers,handler,controllers,routes,api}/**",
    ],
  },
  "external-service": {
    words: [
      "third-party",
      "third party",
      "external service",
      "external api",
      "integrate with",
      "integration with",
      "webhook",
      "oauth",
      "api client",
      "sync with",
    ],
    paths: ["**/integrations/**", "**/webhooks/**"],
  },
  "whole-system": {
    words: [
      "whole system",
      "full system",
      "entire system",
      "system validation",
      "real services",
      "real aws",
      "real cloud",
    ],
  },
  frontend: {
    words: [
      "frontend",
      "front-end",
      "react",
      "css",
      "stylesheet",
      "ui component",
      "user interface",
      "button",
      "page layout",
      "dark mode",
    ],
    paths: ["**/*.{tsx,jsx,css,scss,vue,svelte}"],
  },
};

const ORDER = Object.keys(SIGNS) as Concern[];

/** Every concern that a subject shows, each with the first sign of it. Only words, labels and paths decide. */
export function concernsOf(subject: Subject): FoundConcern[] {
  const prepared = prepareSubject(subject);
  return ORDER.flatMap((concern) => {
    const reason = signOf(SIGNS[concern], prepared);
    return reason === undefined ? [] : [{ concern, reason }];
  });
}

function signOf(signs: Signs, subject: PreparedSubject): string | undefined {
  const word = signs.words.find((phrase) => mentions(subject.words, phrase));
  if (word !== undefined) return `"${word}"`;
  for (const glob of signs.paths ?? []) {
    const path = subject.paths.find((candidate) => matchesGlob(candidate, glob));
    if (path !== undefined) return path;
  }
  return undefined;
}

/** Why a security review is owed, or undefined: authentication, outside input or secrets are touched. */
export function securityReason(subject: Subject): string | undefined {
  return concernsOf(subject).find((found) => found.concern === "security")?.reason;
}

/** Who does the work of a concern. */
export interface Delegate {
  readonly specialist: string;
  readonly mode: TaskMode;
}

const DELEGATES: Readonly<Record<Concern, Delegate | undefined>> = {
  architecture: { specialist: "backend-lead", mode: "architecture" },
  implementation: { specialist: "backend-developer", mode: "implementation" },
  unit: { specialist: "backend-tester", mode: "unit" },
  integration: { specialist: "backend-tester", mode: "integration" },
  acceptance: { specialist: "backend-tester", mode: "acceptance" },
  review: { specialist: "backend-lead", mode: "review" },
  security: { specialist: "backend-security-reviewer", mode: "security" },
  "external-service": { specialist: "integration-developer", mode: "implementation" },
  "whole-system": { specialist: "acceptance-test-engineer", mode: "acceptance" },
  frontend: undefined,
};

/**
 * The specialists that a subject's concerns lead to, in the order of the phases. Work on an external service goes to
 * the integration developer in place of the developer; validation of the whole system takes the place of the tester's
 * acceptance mode; frontend work goes to nobody here.
 */
export function delegatesOf(subject: Subject): Delegate[] {
  const concerns = new Set(concernsOf(subject).map((found) => found.concern));
  if (concerns.has("external-service")) concerns.delete("implementation");
  if (concerns.has("whole-system")) concerns.delete("acceptance");
  return ORDER.flatMap((concern) => {
    const delegate = concerns.has(concern) ? DELEGATES[concern] : undefined;
    return delegate ? [delegate] : [];
  });
}
