import type { Label } from "../../github/store/issue-records.ts";
import { type Html, html } from "../html.ts";

export function labelChip(
  label: Pick<Label, "name" | "color"> & { description?: string | null },
): Html {
  const color = /^[0-9a-f]{6}$/i.test(label.color) ? label.color : "888888";
  return html`<span class="label" style="--label: #${color}" title="${label.description ?? ""}">${label.name}</span>`;
}
