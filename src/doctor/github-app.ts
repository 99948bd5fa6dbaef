import { z } from "zod";
import { appJwt } from "../github/app-jwt.ts";
import { MANIFEST } from "../manifest.ts";
import type { Settings } from "../settings.ts";
import type { CheckOutcome } from "./environment.ts";

const App = z.object({
  slug: z.string().default("unknown"),
  permissions: z.record(z.string(), z.string()).default({}),
  events: z.array(z.string()).default([]),
});
export type App = z.infer<typeof App>;

const RANK: Readonly<Record<string, number>> = { read: 1, write: 2, admin: 3 };

/** Asks GitHub who the configured app is and compares its permissions and events with what is needed. */
export async function checkGitHubApp(
  settings: Settings,
  fetchIt: typeof fetch,
): Promise<CheckOutcome> {
  const { id, privateKey } = settings.app;
  const response = await fetchIt(`${settings.github.apiUrl}/app`, {
    headers: {
      authorization: `Bearer ${appJwt({ id, privateKey }, Date.now())}`,
      accept: "application/vnd.github+json",
      "user-agent": "backend-orchestrator",
    },
    signal: AbortSignal.timeout(20_000),
  });
  if (response.status !== 200)
    return {
      name: "github app",
      state: "error",
      detail: `GitHub answered ${response.status} to the app's own key: check APP_ID, PRIVATE_KEY and the clock`,
    };
  return judgeApp(App.parse(await response.json()));
}

/** Compares an app with what is needed; more than needed is a warning. */
export function judgeApp(app: App): CheckOutcome {
  const missing = Object.entries(MANIFEST.permissions)
    .filter(([name, level]) => (RANK[app.permissions[name] ?? ""] ?? 0) < (RANK[level] ?? 0))
    .map(([name, level]) => `permission ${name}: ${level}`);
  const unheard = MANIFEST.events
    .filter((event) => !app.events.includes(event))
    .map((event) => `event ${event}`);
  const lacks = [...missing, ...unheard];
  if (lacks.length > 0)
    return { name: "github app", state: "error", detail: `${app.slug} lacks ${lacks.join(", ")}` };
  const wide = Object.entries(app.permissions)
    .filter(([name, level]) => {
      const needed = MANIFEST.permissions[name as keyof typeof MANIFEST.permissions] as
        | string
        | undefined;
      return (RANK[level] ?? 0) > (RANK[needed ?? ""] ?? 0);
    })
    .map(([name, level]) => `${name}: ${level}`);
  return wide.length > 0
    ? {
        name: "github app",
        state: "warning",
        detail: `${app.slug} has more than it needs: ${wide.join(", ")}`,
      }
    : { name: "github app", state: "ok", detail: `${app.slug} has what it needs` };
}
