import type { RepoRef } from "../domain/ids.ts";
import type { IssueLabel } from "../ports/github.ts";
import { RefusedError } from "./errors.ts";
import { repeatable } from "./once.ts";
import { at, named, type World } from "./world.ts";

const COLOUR = "5319e7";

/** Puts a label on an issue, making it first where the repository lacks it, or takes it off. Safe to repeat. */
export async function setLabel(world: World, repo: RepoRef, label: IssueLabel): Promise<void> {
  const where = `label on ${named(repo, label.number)}`;
  const name = world.publisher.title(label.name, where, 50);
  const { rest } = world.client(repo);
  const issue = { ...at(repo), issue_number: label.number };
  if (!label.on) {
    await unless(404, world, () => rest.issues.removeLabel({ ...issue, name }));
    return;
  }
  const description = world.publisher.title(label.description, where, 100);
  // Mostly it exists already; being told so is cheaper than to ask first.
  await unless(422, world, () =>
    rest.issues.createLabel({ ...at(repo), name, description, color: COLOUR }),
  );
  await repeatable(world.clock, () => rest.issues.addLabels({ ...issue, labels: [name] }));
}

/** Repeats a write until its outcome is known; an answer of `status` means that there is nothing to do. */
async function unless(status: number, world: World, write: () => Promise<unknown>): Promise<void> {
  try {
    await repeatable(world.clock, write);
  } catch (error) {
    if (!(error instanceof RefusedError) || error.status !== status) throw error;
  }
}
