import { commonPrefix } from "./instructions.ts";
import type { Prompt } from "./recorder.ts";

/** How much of a role's prompts a provider's prompt cache can have seen before. */
export interface SharedPrefix {
  readonly role: string;
  readonly dispatches: number;
  readonly requests: number;
  /** Characters of the first prompt of a dispatch, on average. */
  readonly firstLength: number;
  /** Of the first prompts of dispatches after the role's first one; absent when there was one only. */
  readonly atStart?: number;
  /** Of every prompt but the role's very first. */
  readonly overall?: number;
}

/** The roles in the order in which they first asked. */
export function sharedPrefixes(prompts: readonly Prompt[]): SharedPrefix[] {
  const roles = [...new Set(prompts.map(({ role }) => role))];
  return roles.map((role) =>
    ofRole(
      role,
      prompts.filter((prompt) => prompt.role === role),
    ),
  );
}

interface Seen {
  readonly length: number;
  readonly shared: number;
  readonly first: boolean;
}

function ofRole(role: string, prompts: readonly Prompt[]): SharedPrefix {
  const seen = prompts.map((prompt, at): Seen => {
    const earlier = prompts.slice(0, at);
    return {
      length: prompt.text.length,
      shared: Math.max(0, ...earlier.map(({ text }) => commonPrefix(prompt.text, text))),
      first: earlier.every(({ conversation }) => conversation !== prompt.conversation),
    };
  });
  const firsts = seen.filter(({ first }) => first);
  const later = seen.slice(1);
  const started = later.filter(({ first }) => first);
  return {
    role,
    dispatches: firsts.length,
    requests: seen.length,
    firstLength: sum(firsts, "length") / firsts.length,
    ...(started.length > 0 ? { atStart: share(started) } : {}),
    ...(later.length > 0 ? { overall: share(later) } : {}),
  };
}

function share(seen: readonly Seen[]): number {
  return sum(seen, "shared") / sum(seen, "length");
}

function sum(seen: readonly Seen[], key: "length" | "shared"): number {
  return seen.reduce((total, one) => total + one[key], 0);
}
