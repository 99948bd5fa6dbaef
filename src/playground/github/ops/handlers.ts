import type { Handlers } from "../http/call.ts";

/** Every operation that is built, by its id in GitHub's description. */
export const HANDLERS: Handlers = {};
