import type { Handlers } from "../http/call.ts";
import { ACTIONS } from "./actions.ts";
import { APPS } from "./apps.ts";
import { BRANCHES } from "./branches.ts";
import { CHECKS } from "./checks.ts";
import { COMMENTS } from "./comments.ts";
import { COMMITS } from "./commits.ts";
import { CONTENTS } from "./contents.ts";
import { GIT_DATA } from "./git-data.ts";
import { HOOKS } from "./hooks.ts";
import { ISSUES } from "./issues.ts";
import { LABELS } from "./labels.ts";
import { PULLS } from "./pulls.ts";
import { REACTIONS } from "./reactions.ts";
import { REFS } from "./refs.ts";
import { REPOS } from "./repos.ts";
import { REVIEWS } from "./reviews.ts";
import { SEARCH } from "./search.ts";
import { STATUSES } from "./statuses.ts";
import { USERS } from "./users.ts";

/** Every operation that is built, by its id in GitHub's description. */
export const HANDLERS: Handlers = {
  ...ACTIONS,
  ...APPS,
  ...BRANCHES,
  ...CHECKS,
  ...COMMENTS,
  ...COMMITS,
  ...CONTENTS,
  ...GIT_DATA,
  ...HOOKS,
  ...ISSUES,
  ...LABELS,
  ...PULLS,
  ...REACTIONS,
  ...REFS,
  ...REPOS,
  ...REVIEWS,
  ...SEARCH,
  ...STATUSES,
  ...USERS,
};
