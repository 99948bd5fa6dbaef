import type { IncomingMessage } from "node:http";

/** Name of the cookie that says as whom a browser acts; there are no passwords here. */
const ACTING_USER_COOKIE = "user";

/** Login of the user as whom a browser acts, if it has chosen one. */
export function actingUser(req: IncomingMessage): string | undefined {
  for (const pair of (req.headers.cookie ?? "").split(/;\s*/)) {
    const [name, value] = pair.split("=");
    if (name === ACTING_USER_COOKIE && value !== undefined && value !== "") {
      return decodeURIComponent(value);
    }
  }
  return undefined;
}
