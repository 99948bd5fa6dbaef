/** The environment git runs in on the trusted side: built from nothing, so that no file and no variable decides. */

export type Transport = "file" | "http" | "https";

const FIXED: Readonly<Record<string, string>> = {
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_ASKPASS: "true",
  SSH_ASKPASS: "true",
  GIT_LITERAL_PATHSPECS: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_LFS_SKIP_SMUDGE: "1",
  GIT_PROTOCOL_FROM_USER: "0",
  GIT_PAGER: "cat",
  GIT_EDITOR: "true",
  LC_ALL: "C",
  TZ: "UTC",
};

const CONFIG: Readonly<Record<string, string>> = {
  "core.hooksPath": "/dev/null",
  "core.fsmonitor": "false",
  "core.untrackedCache": "false",
  "core.attributesFile": "/dev/null",
  "core.excludesFile": "/dev/null",
  "core.protectHFS": "true",
  "core.protectNTFS": "true",
  "core.sshCommand": "false",
  "core.askPass": "",
  "credential.helper": "",
  "init.templateDir": "",
  "init.defaultBranch": "work",
  "commit.gpgSign": "false",
  "tag.gpgSign": "false",
  "push.gpgSign": "false",
  "push.followTags": "false",
  "push.recurseSubmodules": "no",
  "fetch.recurseSubmodules": "false",
  "fetch.writeCommitGraph": "false",
  "submodule.recurse": "false",
  "gc.auto": "0",
  "gc.autoDetach": "false",
  "maintenance.auto": "false",
  "transfer.fsckObjects": "true",
  "fetch.fsckObjects": "true",
  "receive.fsckObjects": "true",
  "transfer.bundleURI": "false",
  "safe.bareRepository": "explicit",
  "http.followRedirects": "false",
  "http.lowSpeedLimit": "500",
  "http.lowSpeedTime": "60",
  "protocol.allow": "never",
};

/**
 * The whole environment of one git command. `base` is what the operator's network needs (PATH, proxies, certificate
 * bundle); `config` is for this command alone and is how credentials get in, so that they are in no file and no
 * argument list.
 */
export function gitEnvironment(request: {
  base: Readonly<Record<string, string>>;
  home: string;
  allow?: readonly Transport[] | undefined;
  config?: Readonly<Record<string, string>> | undefined;
}): Record<string, string> {
  const settings: [string, string][] = Object.entries(CONFIG);
  for (const transport of request.allow ?? []) {
    settings.push([`protocol.${transport}.allow`, "always"]);
  }
  settings.push(...Object.entries(request.config ?? {}));
  const env: Record<string, string> = { ...request.base, ...FIXED, HOME: request.home };
  env["GIT_CONFIG_COUNT"] = String(settings.length);
  for (const [index, [key, value]] of settings.entries()) {
    env[`GIT_CONFIG_KEY_${index}`] = key;
    env[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return env;
}

/** The transport that an address needs; anything else is refused by throwing. */
export function transportOf(url: string): Transport {
  const scheme = new URL(url).protocol;
  if (scheme === "https:") return "https";
  if (scheme === "http:") return "http";
  if (scheme === "file:") return "file";
  throw new Error(`Git address ${url}: only https, http and file are served, not ${scheme}`);
}
