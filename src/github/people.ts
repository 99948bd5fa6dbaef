import { z } from "zod";
import type { Permission } from "../domain/command/permission.ts";
import type { RepoRef } from "../domain/ids.ts";
import { RefusedError } from "./errors.ts";
import { repeatable, whenVisible } from "./once.ts";
import { CollaboratorPermission } from "./schemas.ts";
import { at, type World } from "./world.ts";

const Login = z.string().regex(/^[\w-]{1,100}(?:\[bot\])?$/);

/** What GitHub says this person may do here. Whatever goes wrong is `unknown`, which authorises nothing. */
export async function permissionOf(
  world: World,
  repo: RepoRef,
  login: string,
): Promise<Permission> {
  try {
    const username = Login.parse(login);
    const { data } = await world
      .client(repo)
      .rest.repos.getCollaboratorPermissionLevel({ ...at(repo), username });
    return rankOf(CollaboratorPermission.parse(data));
  } catch (error) {
    world.log.warn({ err: error, login }, "GitHub did not confirm a permission");
    return "unknown";
  }
}

/** `permission` decides; `role_name` only tells maintain from write and triage from read. */
function rankOf({ permission, role_name: role }: CollaboratorPermission): Permission {
  if (permission === "write" && role === "maintain") return "maintain";
  if (permission === "read" && role === "triage") return "triage";
  return permission;
}

/** Asks for a review. GitHub refuses authors and people without access; that is logged, not a failure. */
export async function requestReview(
  world: World,
  repo: RepoRef,
  review: { number: number; login: string },
): Promise<void> {
  try {
    await whenVisible(world.clock, async () => {
      await repeatable(world.clock, async () => {
        await world.client(repo).rest.pulls.requestReviewers({
          ...at(repo),
          pull_number: review.number,
          reviewers: [review.login],
        });
      });
    });
  } catch (error) {
    if (!(error instanceof RefusedError) || error.status !== 422) throw error;
    world.log.warn({ ...review, err: error }, "GitHub refused to request a review");
  }
}
