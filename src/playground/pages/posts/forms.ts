import { type Html, html } from "../html.ts";
import type { RepoVisit } from "../visit.ts";
import type { Post } from "./post.ts";

export function postAction(visit: RepoVisit, post: Post, act: string): string {
  return `${visit.base}/posts/${post.subject}/${post.id}/${act}`;
}

/** Where the browser goes after the form: this page, without the marks of open forms. */
export function backField(visit: RepoVisit, anchor = ""): Html {
  const back = `${plainAddress(visit)}${anchor === "" ? "" : `#${anchor}`}`;
  return html`<input type="hidden" name="back" value="${back}">`;
}

function plainAddress(visit: RepoVisit): string {
  const query = new URLSearchParams(visit.request.query);
  for (const name of ["edit", "line", "reply"]) query.delete(name);
  const path = visit.request.address.split("?", 1)[0] ?? "/";
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/** The address of this page with one form opened, at its place. */
export function openFormAddress(
  visit: RepoVisit,
  form: { name: "edit" | "line" | "reply"; value: string; anchor: string },
): string {
  const plain = plainAddress(visit);
  const joint = plain.includes("?") ? "&" : "?";
  return `${plain}${joint}${form.name}=${encodeURIComponent(form.value)}#${form.anchor}`;
}

/** A field for Markdown with its label. */
export function markdownField(options: {
  id: string;
  label: string;
  value?: string;
  required?: boolean;
  rows?: number;
}): Html {
  const { id, label, value = "", required = false, rows = 5 } = options;
  // A line end right after the tag is dropped by browsers, so that a text may begin with one.
  return html`<label class="hidden-words" for="${id}">${label}</label>
<textarea id="${id}" name="body" rows="${rows}" placeholder="${label} (Markdown)"${required ? html` required` : ""}>
${value}</textarea>`;
}
