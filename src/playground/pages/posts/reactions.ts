import type { Reaction, ReactionContent } from "../../github/store/issue-records.ts";
import { type Html, html } from "../html.ts";
import { icon } from "../icons.ts";
import type { RepoVisit } from "../visit.ts";
import { backField, postAction } from "./forms.ts";
import type { Post } from "./post.ts";

const SYMBOLS: Readonly<Record<ReactionContent, string>> = {
  "+1": "👍",
  "-1": "👎",
  laugh: "😄",
  hooray: "🎉",
  confused: "😕",
  heart: "❤️",
  rocket: "🚀",
  eyes: "👀",
};

export function isReaction(text: string): text is ReactionContent {
  return Object.hasOwn(SYMBOLS, text);
}

/** The reactions to a post with their counts; pressing one adds or takes back one's own. */
export function reactionBar(visit: RepoVisit, post: Post): Html {
  const all = visit.hub.store.reactionsTo(post.subject, post.id);
  const given = Object.entries(SYMBOLS).flatMap(([content, symbol]) => {
    const same = all.filter((reaction) => reaction.content === content);
    return same.length === 0 ? [] : [counted(visit, { content, symbol, same })];
  });
  if (visit.viewer === undefined) {
    return given.length === 0 ? html`` : html`<div class="reactions">${given}</div>`;
  }
  return html`<form class="reactions" method="post" action="${postAction(visit, post, "react")}" data-quiet>${backField(visit, post.anchor)}
    ${adder()}${given}</form>`;
}

function counted(
  visit: RepoVisit,
  { content, symbol, same }: { content: string; symbol: string; same: readonly Reaction[] },
): Html {
  const who = same.map((reaction) => visit.hub.store.accounts.must(reaction.userId).login);
  const own = same.some((reaction) => reaction.userId === visit.viewer?.id);
  const words = `${content}: ${who.join(", ")}`;
  return visit.viewer === undefined
    ? html`<span class="reaction" title="${words}">${symbol} ${same.length}</span>`
    : html`<button class="reaction" name="${own ? "remove" : "add"}" value="${content}" aria-pressed="${own ? "true" : "false"}" title="${words}" aria-label="${words}">${symbol} ${same.length}</button>`;
}

function adder(): Html {
  const buttons = Object.entries(SYMBOLS).map(
    ([content, symbol]) =>
      html`<button class="reaction-choice" name="add" value="${content}" aria-label="React ${content}">${symbol}</button>`,
  );
  return html`<details class="menu react-menu"><summary aria-label="Add a reaction">${icon("smile")}</summary><div class="menu-box">${buttons}</div></details>`;
}
