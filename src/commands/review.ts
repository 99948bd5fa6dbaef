import type { DeliveryOutcome } from "../ports/stores.ts";
import type { ReviewEvent } from "./event.ts";
import type { CommandPorts } from "./handle.ts";
import { may } from "./may.ts";
import { done, ignored } from "./outcome.ts";
import { ACTIONS } from "./replies.ts";

const REMEMBERED = 1_000;

/** Reviews that were handed over: each of their comments is told, too, and needs no second look. */
export class HandedReviews {
  readonly #ids = new Set<string>();

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    this.#ids.add(id);
    const [oldest] = this.#ids;
    if (this.#ids.size > REMEMBERED && oldest !== undefined) this.#ids.delete(oldest);
  }
}

/** From a review of a run's pull request to an order: by people who may write here, once per review. */
export async function handleReview(
  ports: CommandPorts & { readonly reviews: HandedReviews },
  event: ReviewEvent,
): Promise<DeliveryOutcome> {
  const { repo, sender, author, pullRequest, reviewId } = event;
  if (author === undefined) return ignored("its author is gone");
  if (author.id !== sender.id) return ignored("the sender is not the author");
  if (author.type === "Bot" || sender.type === "Bot") return ignored("reviewed by a bot");
  if (event.archived || !ports.servesOwner(repo.owner)) return ignored("not served");
  const id = `${repo.id}/${reviewId}`;
  if (ports.reviews.has(id)) return ignored(`review ${reviewId} was handed over already`);
  const run = await ports.control.live(repo, pullRequest);
  if (run?.pullRequest !== pullRequest) return ignored("no run's pull request");
  const { login } = sender;
  if (!ports.quota.take(`${repo.id}/${login}`)) return ignored(`too many by ${login}`);
  await ports.onStarted?.(run.runId);
  const authorisation = await may(ports, event, { as: "answer", action: ACTIONS.review });
  if (!authorisation.allowed) return ignored(`not taken: ${authorisation.reason}`);
  const outcome = await ports.control.review(authorisation.grant, { run, reviewId });
  ports.reviews.add(id);
  return done(`review ${reviewId} ${outcome.kind} by ${run.runId}`);
}
