import {
  addLabels,
  createLabel,
  deleteLabel,
  type LabelText,
  labelNamed,
  removeLabel,
  setLabels,
  updateLabel,
} from "../acts/labels.ts";
import {
  actOf,
  type Call,
  created,
  type Handlers,
  list,
  noContent,
  ok,
  param,
  type Reply,
  repoOf,
} from "../http/call.ts";
import { labelReply } from "../render/issues.ts";
import type { Issue } from "../store/issue-records.ts";
import { issueAt, labelNames } from "./issues.ts";

export const LABELS: Handlers = {
  "issues/list-labels-for-repo": (call) => {
    const labels = call.hub.store.labels.filter((l) => l.repoId === repoOf(call).id);
    return list(labels, (l) => labelReply(call.hub, l));
  },
  "issues/get-label": (call) =>
    ok(
      labelReply(call.hub, labelNamed({ hub: call.hub, repo: repoOf(call) }, param(call, "name"))),
    ),
  "issues/create-label": (call) =>
    created(labelReply(call.hub, createLabel(actOf(call), call.body as LabelText))),
  "issues/update-label": (call) => {
    const { new_name, color, description } = call.body as LabelText & { new_name?: string };
    const label = updateLabel(actOf(call), param(call, "name"), {
      ...(new_name === undefined ? {} : { newName: new_name }),
      ...(color === undefined ? {} : { color }),
      ...(description === undefined ? {} : { description }),
    });
    return ok(labelReply(call.hub, label));
  },
  "issues/delete-label": (call) => {
    deleteLabel(actOf(call), param(call, "name"));
    return noContent();
  },
  "issues/list-labels-on-issue": (call) =>
    list(call.hub.store.labelsOf(issueAt(call)), (l) => labelReply(call.hub, l)),
  "issues/add-labels": async (call) => {
    const issue = issueAt(call);
    await addLabels(actOf(call), issue, names(call));
    return labelsOf(call, issue);
  },
  "issues/set-labels": async (call) => {
    const issue = issueAt(call);
    await setLabels(actOf(call), issue, { names: names(call) });
    return labelsOf(call, issue);
  },
  "issues/remove-all-labels": async (call) => {
    await setLabels(actOf(call), issueAt(call), { names: [] });
    return noContent();
  },
  "issues/remove-label": async (call) => {
    const issue = issueAt(call);
    await removeLabel(actOf(call), issue, param(call, "name"));
    return labelsOf(call, issue);
  },
};

function labelsOf(call: Call, issue: Issue): Reply {
  return ok(call.hub.store.labelsOf(issue).map((l) => labelReply(call.hub, l)));
}

type Names = (string | { name?: string })[] | string;

/** The description takes an object with `labels`, a bare list, or a single name. */
function names(call: Call): string[] {
  const body = call.body as { labels?: Names } | Names;
  const labels = Array.isArray(body) || typeof body === "string" ? body : (body.labels ?? []);
  return labelNames(typeof labels === "string" ? [labels] : labels);
}
