/**
 * The baseline: a Probot app as its documentation shows it, which reacts in its handler. Its throttling and retries
 * are off, so that nothing slows it down. Started with its settings as JSON; speaks with the bench by IPC.
 */
import { Probot, ProbotOctokit, Server } from "probot";
import { createLogger } from "../src/log.ts";

interface Settings {
  readonly appId: number;
  readonly privateKey: string;
  readonly secret: string;
  readonly apiUrl: string;
  readonly port: number;
}

/** Asks for one request to the local GitHub, from a process of its own as an app is. */
interface FloorRequest {
  readonly owner: string;
  readonly repo: string;
  readonly comment: number;
}

const settings = JSON.parse(process.argv[2] ?? "{}") as Settings;
const { pino } = createLogger("silent", (text) => text);
const Octokit = ProbotOctokit.defaults((options: object) => ({
  ...options,
  throttle: { enabled: false },
  retry: { enabled: false },
}));
const server = new Server({
  Probot: Probot.defaults({
    appId: settings.appId,
    privateKey: settings.privateKey,
    secret: settings.secret,
    baseUrl: settings.apiUrl,
    Octokit,
    log: pino,
  }),
  log: pino,
  host: "127.0.0.1",
  port: settings.port,
});
const clients = new Map<string, InstanceType<typeof ProbotOctokit>>();

await server.load((app) => {
  app.on("issue_comment.created", async (context) => {
    const { octokit, payload } = context;
    clients.set(payload.repository.owner.login, octokit);
    await octokit.rest.reactions.createForIssueComment(
      context.repo({ comment_id: payload.comment.id, content: "eyes" }),
    );
  });
});
await server.start();

async function floor({ owner, repo, comment }: FloorRequest): Promise<number> {
  const octokit = clients.get(owner);
  if (!octokit) throw new Error(`The bare app had no delivery from ${owner} yet.`);
  const begun = performance.now();
  const { createForIssueComment } = octokit.rest.reactions;
  await createForIssueComment({ owner, repo, comment_id: comment, content: "eyes" });
  return performance.now() - begun;
}

process.on("message", (asked: FloorRequest) => {
  floor(asked).then(
    (took) => process.send?.({ took }),
    (error: unknown) => process.send?.({ failed: String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));
process.send?.({ ready: true });
