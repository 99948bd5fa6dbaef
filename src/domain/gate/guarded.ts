/** Why nobody but a person may let a change of a file in. */
export type Guard = "ci" | "owners" | "definitions" | "protected" | "deleted-tests";

/** Files that run with the repository's own rights whenever somebody pushes. */
const CI: readonly RegExp[] = [
  /^\.github\/(?:workflows|actions)\//,
  /^\.github\/dependabot\.ya?ml$/,
  /(?:^|\/)action\.ya?ml$/,
  /^\.gitlab-ci\.ya?ml$|^\.gitlab\//,
  /^\.circleci\//,
  /^\.(?:travis|drone|appveyor|cirrus|woodpecker)\.ya?ml$|^appveyor\.ya?ml$|^\.woodpecker\//,
  /^(?:\.azure-pipelines\/|azure-pipelines[^/]*\.ya?ml$)/,
  /^(?:bitbucket-pipelines|cloudbuild|buildspec)\.ya?ml$/,
  /(?:^|\/)jenkinsfile[^/]*$/,
  /^\.(?:buildkite|semaphore|teamcity)\//,
  /^\.(?:husky|githooks)\//,
];
const OWNERS = /^(?:\.github\/|docs\/|\.gitlab\/)?codeowners$/;

/** What tells this app and other agents how to work here. */
const DEFINITIONS: readonly RegExp[] = [
  /^\.github\/orchestrator\.yml$/,
  /^\.github\/(?:copilot-instructions\.md$|instructions\/|prompts\/|agents\/)/,
  /^\.(?:claude|agents|cursor|gemini|codex)\//,
  /(?:^|\/)(?:claude|agents|gemini|skill)\.md$/,
  /(?:^|\/)\.mcp\.json$|^\.cursorrules$/,
];

/**
 * Why a change of `path` needs a person whatever a task declares: it runs in CI, decides who owns code, or instructs
 * agents. Undefined for every other file. Spelling does not matter: some file systems take both for one.
 */
export function guardOf(path: string): Guard | undefined {
  const name = path.toLowerCase();
  if (OWNERS.test(name)) return "owners";
  if (CI.some((pattern) => pattern.test(name))) return "ci";
  return DEFINITIONS.some((pattern) => pattern.test(name)) ? "definitions" : undefined;
}

const MANIFEST =
  /(?:^|\/)(?:package\.json|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|go\.mod|go\.sum|go\.work|cargo\.toml|cargo\.lock|pyproject\.toml|requirements[\w.-]*\.txt|poetry\.lock|uv\.lock|pipfile(?:\.lock)?|pom\.xml|build\.gradle(?:\.kts)?|gemfile(?:\.lock)?|composer\.(?:json|lock))$/;

/** Files whose change people should look at although it is taken in: dependencies and dot-files. */
export function worthALook(path: string): boolean {
  return MANIFEST.test(path.toLowerCase()) || path.split("/").some((part) => /^\.[^.]/.test(part));
}
