import { APP_PERMISSIONS } from "./github/permissions.ts";
import { EVENTS } from "./webhooks/listen.ts";

/** What the app asks GitHub for when it is registered: `app.yml`, the doctor and the demo's stage say the same. */
export const MANIFEST = { permissions: APP_PERMISSIONS, events: EVENTS } as const;
