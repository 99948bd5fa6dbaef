import { type Hub, stamp } from "../context.ts";
import type { Repository, RepositoryHook } from "../store/records.ts";

export interface NewHook {
  url: string;
  secret?: string;
  events: readonly string[];
  contentType?: "json" | "form";
  active?: boolean;
}

/** Adds a webhook to a repository, beside those of apps. */
export function createHook(hub: Hub, repo: Repository, input: NewHook): RepositoryHook {
  return hub.store.hooks.insert({
    repoId: repo.id,
    url: input.url,
    secret: input.secret ?? null,
    contentType: input.contentType ?? "json",
    events: [...input.events],
    active: input.active ?? true,
    createdAt: stamp(hub),
    updatedAt: stamp(hub),
  });
}
