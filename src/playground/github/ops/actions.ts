import { logAddress } from "../checks/reported.ts";
import { runOf } from "../checks/runs.ts";
import { notFound } from "../errors.ts";
import { type Call, type Handlers, idParam, type Reply, repoOf } from "../http/call.ts";

export const ACTIONS: Handlers = {
  "actions/download-job-logs-for-workflow-run": jobLogs,
};

/** A job has the number of its check run; its log lies elsewhere, for a minute, without a token. */
function jobLogs(call: Call): Reply {
  const job = runOf({ hub: call.hub, repo: repoOf(call) }, idParam(call, "job_id"));
  if (job.log === undefined || job.status !== "completed") throw notFound();
  return { status: 302, headers: { location: logAddress(call.hub, job) } };
}
