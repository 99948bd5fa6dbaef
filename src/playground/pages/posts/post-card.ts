import { type Content, type Html, html } from "../html.ts";
import { avatar, personLink } from "../parts/people.ts";
import { moment } from "../parts/time.ts";
import { renderText } from "../text.ts";
import { mayEdit, type RepoVisit, roleOf } from "../visit.ts";
import { backField, markdownField, openFormAddress, postAction } from "./forms.ts";
import type { Post } from "./post.ts";
import { reactionBar } from "./reactions.ts";

/** A post with its author, time, text, reactions and, for those who may, edit and delete. */
export async function postCard(
  visit: RepoVisit,
  post: Post,
  options: { badges?: Content; compact?: boolean } = {},
): Promise<Html> {
  const author = visit.hub.store.accounts.must(post.authorId);
  const isOpen = visit.request.query.get("edit") === post.anchor && mayEdit(visit, post.authorId);
  const compact = options.compact === true;
  return html`<article class="post ${author.type === "Bot" ? "by-bot" : ""} ${compact ? "compact" : ""}" id="${post.anchor}" data-live>
    ${compact ? "" : html`<div class="post-side">${avatar(author, "large")}</div>`}
    <div class="post-box">
      <header class="post-head">${compact ? avatar(author) : ""} ${personLink(author)}
        <span class="note">${post.subject === "issue" ? "opened this" : "commented"} <a class="quiet-link" href="#${post.anchor}">${moment(post.createdAt)}</a>${post.isEdited ? html` · <span class="edited">edited</span>` : ""}</span>
        <span class="spacer"></span>${authorBadge(visit, post)} ${options.badges} ${menu(visit, post)}</header>
      <div class="post-body">${isOpen ? editForm(visit, post) : await text(visit, post)}</div>
      ${isOpen ? "" : html`<footer class="post-foot">${reactionBar(visit, post)}</footer>`}
    </div>
  </article>`;
}

function authorBadge(visit: RepoVisit, post: Post): Html {
  const author = visit.hub.store.accounts.must(post.authorId);
  if (author.type !== "User") return html``;
  const role = roleOf(visit.hub, visit.repo, author);
  const words =
    visit.repo.ownerId === author.id
      ? "Owner"
      : role === "read" || role === undefined
        ? ""
        : "Collaborator";
  return words === "" ? html`` : html`<span class="badge quiet">${words}</span>`;
}

/** The text; its boxes can be ticked by whoever may edit it. */
async function text(visit: RepoVisit, post: Post): Promise<Html> {
  if (post.body.trim() === "") return html`<p class="blank">No description provided.</p>`;
  if (!mayEdit(visit, post.authorId)) return renderText(visit, post.body);
  const boxForm = `tick-${post.anchor}`;
  const rendered = await renderText(visit, post.body, { boxForm });
  return html`${rendered}<form id="${boxForm}" method="post" action="${postAction(visit, post, "tick")}" data-quiet>${backField(visit, post.anchor)}</form>`;
}

function menu(visit: RepoVisit, post: Post): Html {
  if (!mayEdit(visit, post.authorId)) return html``;
  const edit = openFormAddress(visit, { name: "edit", value: post.anchor, anchor: post.anchor });
  return html`<details class="menu post-menu"><summary aria-label="More for this comment">···</summary><div class="menu-box">
    <a class="menu-item" href="${edit}">Edit</a>
    ${
      post.subject === "issue"
        ? ""
        : html`<form method="post" action="${postAction(visit, post, "delete")}">${backField(visit)}<button class="menu-item danger">Delete</button></form>`
    }
  </div></details>`;
}

function editForm(visit: RepoVisit, post: Post): Html {
  const rows = Math.min(24, post.body.split("\n").length + 3);
  return html`<form class="text-form" method="post" action="${postAction(visit, post, "edit")}">${backField(visit, post.anchor)}
    ${markdownField({ id: `edit-${post.anchor}`, label: "Edit the text", value: post.body, rows })}
    <p class="form-foot"><a class="button" href="?#${post.anchor}">Cancel</a> <button class="primary">Save</button></p></form>`;
}
