import type { CommentEvent } from "../../../src/commands/event.ts";
import type { CommandPorts } from "../../../src/commands/handle.ts";
import { Quota } from "../../../src/commands/quota.ts";
import type { Permission } from "../../../src/domain/command/permission.ts";
import { RepoRef, RunId } from "../../../src/domain/ids.ts";
import type {
  AskedRun,
  Happening,
  LiveRun,
  OrderOutcome,
  RunOrder,
  RunRequest,
  Steering,
} from "../../../src/ports/control.ts";

export const repo = RepoRef.parse({ id: 42, owner: "acme", name: "shop", installationId: 5 });
export const ann = { id: 1, login: "ann", type: "User" };
export const run: LiveRun = {
  runId: RunId.parse("42-3-r1"),
  issue: 3,
  requestedBy: "ann",
  state: "testing, 2 of 3 tasks done",
};

export type Overrides = Partial<Omit<CommentEvent, "comment" | "issue">> & {
  readonly comment?: Partial<CommentEvent["comment"]>;
  readonly issue?: Partial<CommentEvent["issue"]>;
};

export function event(body: string, more: Overrides = {}): CommentEvent {
  const sender = more.sender ?? ann;
  const comment = { id: 900, url: "https://x/c/900", body, author: sender, appId: undefined };
  const issue = {
    number: 3,
    title: "Rate limits",
    body: "Please add them.",
    labels: ["api"],
    state: "open" as const,
    locked: false,
    isPullRequest: false,
  };
  return {
    deliveryId: "d-1",
    repo,
    defaultBranch: "main",
    archived: false,
    sender,
    ...more,
    comment: { ...comment, ...more.comment },
    issue: { ...issue, ...more.issue },
  };
}

/** A GitHub and a run control that remember; comments are kept by issue and marker, as the adapter does. */
export class Stage {
  permission: Permission = "write";
  live: LiveRun | undefined;
  order: OrderOutcome = { kind: "accepted" };
  statusText: string | undefined;
  failing: Error | undefined;
  readonly comments = new Map<string, string>();
  readonly reactions: string[] = [];
  readonly asked: string[] = [];
  readonly started: RunRequest[] = [];
  readonly orders: RunOrder[] = [];
  readonly steered: Steering[] = [];
  readonly reviews: number[] = [];
  readonly happenings: Happening[] = [];
  readonly hinted = new Set<number>();
  /** What apps wrote on the issue. */
  readonly written: { appId: number; body: string }[] = [];
  readonly takenUp = new Set<string>();
  readonly halves: string[] = [];
  questions: AskedRun | undefined;
  pullState: "open" | "closed" | "merged" = "open";
  readonly ports: CommandPorts;

  constructor(more: Partial<CommandPorts> = {}) {
    this.ports = {
      github: {
        permissionOf: async (_repo, login) => {
          this.asked.push(login);
          return this.permission;
        },
        react: async (_repo, id, reaction) => {
          if (this.failing) throw this.failing;
          this.reactions.push(`${id} ${reaction}`);
        },
        putComment: async (_repo, { number, marker, body }) => {
          if (this.failing) throw this.failing;
          this.comments.set(`${number} ${marker}`, body);
          return { id: 1, url: "https://x/c/1" };
        },
        commentsByApps: async (_repo, { apps }) =>
          this.written.filter(({ appId }) => apps.includes(appId)),
        pullRequest: async (_repo, number) => ({
          number,
          url: "https://x/p",
          draft: false,
          state: this.pullState,
          headSha: "a".repeat(40),
          nodeId: "n",
        }),
      },
      control: {
        start: async (_grant, request) => {
          if (this.live) return { kind: "live", run: this.live };
          this.started.push(request);
          return { kind: "started", runId: run.runId };
        },
        live: async () => this.live,
        instruct: async (_grant, order) => {
          this.orders.push(order);
          return this.order;
        },
        steer: async (_grant, message) => {
          this.steered.push(message);
          return { kind: "accepted", said: "Noted for this run's next dispatch." };
        },
        status: async () => this.statusText,
        review: async (_grant, { reviewId }) => {
          this.reviews.push(reviewId);
          return { kind: "accepted" };
        },
        openQuestions: async () => this.questions,
        tookUp: async (_repo, _issue, run) => this.takenUp.has(run),
        halfDone: async (grant, half) => {
          this.halves.push(`${half.run} ${half.to} done, says ${grant.login}`);
          return `told ${half.run}`;
        },
        takeHint: async (_run, question) =>
          !this.hinted.has(question) && !!this.hinted.add(question),
        happened: async (happening) => {
          this.happenings.push(happening);
          return this.live && `told ${this.live.runId}`;
        },
      },
      log: { info: nothing, warn: nothing, error: nothing },
      appId: 7,
      servesOwner: (login) => login === "acme",
      quota: new Quota(),
      ...more,
    };
  }

  get said(): string {
    return [...this.comments.values()].join("\n---\n");
  }

  /** Nothing was sent, asked or started. */
  get untouched(): boolean {
    return (
      this.comments.size + this.reactions.length + this.asked.length + this.started.length === 0
    );
  }
}

function nothing(): void {}
