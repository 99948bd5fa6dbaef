import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { APP_PERMISSIONS } from "../../../src/github/permissions.ts";
import { EVENTS } from "../../../src/webhooks/listen.ts";
import { WEBHOOK_PATH } from "../../../src/webhooks/open.ts";

const manifest = parse(readFileSync(new URL("../../../app.yml", import.meta.url), "utf8")) as {
  default_events: string[];
  default_permissions: Record<string, string>;
  hook_attributes: { url: string };
};

test("The manifest asks for exactly the events we hear", () => {
  expect([...manifest.default_events].sort()).toEqual([...EVENTS].sort());
});

test("The manifest asks for exactly the permissions we use", () => {
  expect(manifest.default_permissions).toEqual(APP_PERMISSIONS);
});

test("The manifest sends deliveries where they are taken", () => {
  expect(new URL(manifest.hook_attributes.url).pathname).toBe(WEBHOOK_PATH);
});
