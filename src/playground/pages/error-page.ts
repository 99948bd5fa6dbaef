import { html } from "./html.ts";
import { layout } from "./layout.ts";
import { personButtons } from "./parts/switcher.ts";
import { page, type Reply } from "./reply.ts";
import type { Visit } from "./visit.ts";

const HEADINGS: Readonly<Record<number, string>> = {
  400: "That form cannot be read",
  401: "Nobody is signed in",
  403: "Not allowed",
  404: "Nothing here",
  405: "That cannot be done now",
  409: "It changed in the meantime",
  413: "Too much text",
  415: "That form cannot be read",
  422: "That was not accepted",
};

/** A refusal that a person can read: what happened, as whom, and what to try. */
export function errorPage(visit: Visit, status: number, message: string): Reply {
  const { viewer } = visit;
  const who =
    viewer === undefined
      ? html`<p>Nobody is signed in.</p>`
      : html`<p>You are acting as <strong>${viewer.login}</strong>.</p>`;
  const body = html`<section class="error-page" role="alert">
    <p class="error-code">${status}</p>
    <h1>${HEADINGS[status] ?? "That did not work"}</h1>
    <p class="error-message">${message}</p>
    ${[401, 403, 404].includes(status) ? html`${who}<p>Try as someone else:</p><div class="people-choice">${personButtons(visit)}</div>` : ""}
    <p><a href="/">All repositories</a></p>
  </section>`;
  return page(layout(visit, { title: `${status} ${HEADINGS[status] ?? ""}`, body }), status);
}
