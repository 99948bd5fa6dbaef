import { may, requireRole } from "../auth/roles.ts";
import type { Act } from "../context.ts";
import { invalid, notFound } from "../errors.ts";
import { labelReply } from "../render/issues.ts";
import type { Issue, Label } from "../store/issue-records.ts";
import { announce, note, touch } from "./subject.ts";

/** What a new repository starts with. */
export const DEFAULT_LABELS: readonly (readonly [name: string, color: string, text: string])[] = [
  ["bug", "d73a4a", "Something isn't working"],
  ["documentation", "0075ca", "Improvements or additions to documentation"],
  ["duplicate", "cfd3d7", "This issue or pull request already exists"],
  ["enhancement", "a2eeef", "New feature or request"],
  ["good first issue", "7057ff", "Good for newcomers"],
  ["help wanted", "008672", "Extra attention is needed"],
  ["invalid", "e4e669", "This doesn't seem right"],
  ["question", "d876e3", "Further information is requested"],
  ["wontfix", "ffffff", "This will not be worked on"],
];

export interface LabelText {
  name: string;
  color?: string;
  description?: string | null;
}

export function createLabel(act: Act, input: LabelText): Label {
  requireRole(act, "write");
  if (act.hub.store.label(act.repo.id, input.name) !== undefined) {
    throw invalid({ resource: "Label", code: "already_exists", field: "name" });
  }
  return insertLabel(act, input);
}

function insertLabel(act: Act, input: LabelText): Label {
  const label = act.hub.store.labels.insert({
    repoId: act.repo.id,
    name: input.name,
    color: checkColor(input.color ?? "ededed"),
    description: input.description ?? null,
    default: false,
  });
  tell(act, label, { action: "created" });
  return label;
}

function checkColor(color: string): string {
  if (/^[0-9a-f]{6}$/i.test(color)) return color;
  throw invalid({ resource: "Label", code: "invalid", field: "color" });
}

export function updateLabel(
  act: Act,
  name: string,
  change: { newName?: string; color?: string; description?: string | null },
): Label {
  requireRole(act, "write");
  const label = labelNamed(act, name);
  const changes: Record<string, { from: string }> = {};
  if (change.newName !== undefined && change.newName !== label.name) {
    const other = act.hub.store.label(act.repo.id, change.newName);
    if (other !== undefined && other.id !== label.id) {
      throw invalid({ resource: "Label", code: "already_exists", field: "name" });
    }
    changes["name"] = { from: label.name };
    label.name = change.newName;
  }
  if (change.color !== undefined && change.color !== label.color) {
    changes["color"] = { from: label.color };
    label.color = checkColor(change.color);
  }
  if (change.description !== undefined && change.description !== label.description) {
    changes["description"] = { from: label.description ?? "" };
    label.description = change.description;
  }
  tell(act, label, { action: "edited", extra: { changes } });
  return label;
}

export function deleteLabel(act: Act, name: string): void {
  requireRole(act, "write");
  const label = labelNamed(act, name);
  for (const issue of act.hub.store.issues.filter((i) => i.labelIds.includes(label.id))) {
    issue.labelIds = issue.labelIds.filter((id) => id !== label.id);
  }
  act.hub.store.labels.delete(label.id);
  tell(act, label, { action: "deleted" });
}

export function labelNamed(act: Pick<Act, "hub" | "repo">, name: string): Label {
  const label = act.hub.store.label(act.repo.id, name);
  if (label === undefined) throw notFound();
  return label;
}

function tell(
  act: Act,
  label: Label,
  what: { action: string; extra?: Record<string, unknown> },
): void {
  const payload = { label: labelReply(act.hub, label), ...what.extra };
  act.hub.emit({
    event: "label",
    action: what.action,
    sender: act.by.account,
    repo: act.repo,
    payload,
  });
}

/** Puts labels on an issue; a name the repository lacks becomes a new grey label, as on GitHub. */
export async function addLabels(act: Act, issue: Issue, names: readonly string[]): Promise<void> {
  requireRole(act, "triage");
  for (const name of names) {
    const label = act.hub.store.label(act.repo.id, name) ?? insertLabel(act, { name });
    if (issue.labelIds.includes(label.id)) continue;
    issue.labelIds = [...issue.labelIds, label.id];
    await labelled(act, issue, { label, action: "labeled" });
  }
}

export async function removeLabel(act: Act, issue: Issue, name: string): Promise<void> {
  requireRole(act, "triage");
  const label = act.hub.store.label(act.repo.id, name);
  // GitHub's words when the issue does not have it.
  if (label === undefined || !issue.labelIds.includes(label.id)) throw notFound();
  issue.labelIds = issue.labelIds.filter((id) => id !== label.id);
  await labelled(act, issue, { label, action: "unlabeled" });
}

async function labelled(
  act: Act,
  issue: Issue,
  what: { label: Label; action: "labeled" | "unlabeled" },
): Promise<void> {
  const { name, color } = what.label;
  touch(act, issue);
  note(act, issue, { name: what.action, data: { label: { name, color } } });
  const extra = { label: labelReply(act.hub, what.label) };
  await announce(act, issue, { action: what.action, extra });
}

/** Makes the issue's labels exactly these. */
export async function setLabels(
  act: Act,
  issue: Issue,
  wish: { names: readonly string[]; silentlyNeedsTriage?: boolean },
): Promise<void> {
  if (wish.silentlyNeedsTriage === true && !may(act, "triage")) return;
  const wanted = new Set(wish.names.map((n) => n.toLowerCase()));
  for (const label of act.hub.store.labelsOf(issue)) {
    if (!wanted.has(label.name.toLowerCase())) await removeLabel(act, issue, label.name);
  }
  if (wish.names.length > 0) await addLabels(act, issue, wish.names);
}
