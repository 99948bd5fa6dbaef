import { expect, test } from "vitest";
import type { Permission } from "../../../src/domain/command/permission.ts";
import { bench, type Fault, repo } from "./fake-github.ts";

test.each<[object, Permission]>([
  [{ permission: "admin", role_name: "admin" }, "admin"],
  [{ permission: "write", role_name: "write" }, "write"],
  [{ permission: "write", role_name: "maintain" }, "maintain"],
  [{ permission: "write", role_name: "release-captain" }, "write"],
  [{ permission: "read", role_name: "triage" }, "triage"],
  [{ permission: "read", role_name: "read" }, "read"],
  [{ permission: "read", role_name: "maintain" }, "read"],
  [{ permission: "none", role_name: "none" }, "none"],
  [{ permission: "write" }, "write"],
])("A-02: GitHub's %j is %s", async (answer, permission) => {
  const { github, fake } = bench();
  fake.permissions.set("ann", answer);
  expect(await github.permissionOf(repo, "ann")).toBe(permission);
});

const failures: readonly [name: string, answer: Fault["answer"]][] = [
  ["404", { status: 404 }],
  ["403", { status: 403 }],
  ["500", { status: 500 }],
  ["502", { status: 502 }],
  ["a reset connection", "reset"],
  ["malformed JSON", "cut"],
  ["200 with nothing", { status: 200, body: {} }],
  ["200 with a word that is not one", { status: 200, body: { permission: "owner" } }],
  ["200 with true", { status: 200, body: { permission: true } }],
  ["a rate limit", { status: 429, headers: { "retry-after": "900" } }],
  ["401", { status: 401 }],
];

test.each(failures)("A-04: %s means unknown", async (_name, answer) => {
  const { github, fake } = bench();
  fake.permissions.set("ann", { permission: "admin" });
  fake.faults.push({ on: "/permission", when: "before", answer, times: 9 });
  expect(await github.permissionOf(repo, "ann")).toBe("unknown");
});

test("A-04: one failed answer is asked again", async () => {
  const { github, fake } = bench();
  fake.permissions.set("ann", { permission: "write" });
  fake.faults.push({ on: "/permission", when: "before", answer: { status: 502 } });
  expect(await github.permissionOf(repo, "ann")).toBe("write");
});

test.each(["", "a/b", "..", "a b", "ann%2F", "x".repeat(101)])(
  "A-04: %j is nobody's login",
  async (login) => {
    const { github, fake } = bench();
    expect(await github.permissionOf(repo, login)).toBe("unknown");
    expect(fake.sent()).toEqual([]);
  },
);
