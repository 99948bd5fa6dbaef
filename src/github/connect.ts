import type { Secret } from "../domain/secret.ts";
import type { Effects, IssuedTokens, RequestCounts } from "../ports/stores.ts";
import { GitHubAdapter } from "./adapter.ts";
import type { AppIdentity } from "./app-jwt.ts";
import type { ClientSettings } from "./client.ts";
import type { GateLimits } from "./gate.ts";
import { LiveSecrets } from "./live-secrets.ts";
import { Publisher } from "./publish.ts";
import { App } from "./schemas.ts";
import { Tokens } from "./tokens.ts";
import { World } from "./world.ts";

export interface ConnectSettings {
  readonly app: AppIdentity;
  readonly client: ClientSettings;
  readonly effects: Effects;
  readonly counts: RequestCounts;
  readonly issued: IssuedTokens;
  /** Secrets that must never be published, besides the tokens minted here. */
  readonly secrets: readonly Secret[];
  readonly gateLimits?: GateLimits;
  readonly contentPerRun?: number;
  /** Milliseconds that the token of a git operation waits for the next one; 0 (the default) revokes it at once. */
  readonly tokenIdleMs?: number;
}

export interface Connection {
  readonly github: GitHubAdapter;
  readonly tokens: Tokens;
  /** Add what becomes secret later, such as a key that is read at run time. */
  readonly live: LiveSecrets;
  /** The app as GitHub knows it. Rejects when the id and the private key do not belong together. */
  readonly whoAmI: () => Promise<{ id: number; slug: string; owner: string }>;
}

/** Everything that talks to GitHub's API, composed. Sends nothing yet. */
export function connect(settings: ConnectSettings): Connection {
  const { app, client, effects, counts, issued, gateLimits, contentPerRun } = settings;
  const live = new LiveSecrets();
  for (const secret of [app.privateKey, ...settings.secrets]) live.add(secret);
  const tokens = new Tokens({ client, app, issued, live, idleMs: settings.tokenIdleMs ?? 0 });
  const quota = contentPerRun === undefined ? {} : { contentPerRun };
  const publisher = new Publisher({ live, counts, log: client.log, ...quota });
  const limits = gateLimits === undefined ? {} : { gateLimits };
  const world = new World({ client, app, tokens, publisher, effects, counts, ...limits });
  return {
    github: new GitHubAdapter(world),
    tokens,
    live,
    whoAmI: async () => {
      const { data } = await tokens.appClient.rest.apps.getAuthenticated();
      const { id, slug, owner } = App.parse(data);
      return { id, slug, owner: owner.login };
    },
  };
}
