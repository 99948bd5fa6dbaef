import { matchesGlob } from "../glob.ts";
import { pathsIn } from "../words.ts";
import { plainWords } from "./text.ts";
import { SECURITY } from "./words.ts";

/** What is about security in code, and says nothing about a request. */
const IN_CODE = /\b(?:sql|exec|eval|webhooks?|security)\b/;

const PATHS = [
  "**/{auth,authn,authz,login,session,sessions,security,crypto,secrets,middleware}/**",
  "**/{auth,login,session,secrets,password,token,crypto}.*",
  "**/{auth,login,session,secret,password,token,crypto}{-,_}*.*",
  "**/*{-,_}{auth,login,session,secret,password,token,crypto}.*",
  "**/{handlers,handler,controllers,routes,api}/**",
] as const;

/** Why a security review is owed: the first word or path that touches authentication, outside input or secrets. */
export function securityReason(subject: {
  readonly text: string;
  readonly paths: readonly string[];
}): string | undefined {
  const text = plainWords(subject.text);
  const word = SECURITY.exec(text)?.[0] ?? IN_CODE.exec(text)?.[0];
  if (word !== undefined) return `"${word}"`;
  const paths = [...subject.paths, ...pathsIn(subject.text)];
  return paths.find((path) => PATHS.some((glob) => matchesGlob(path, glob)));
}
