import { expect, test } from "vitest";
import { fullName, RepoRef } from "../../../src/domain/ids.ts";
import { Secret } from "../../../src/domain/secret.ts";
import { type LeaseSettings, type Minted, TokenLeases } from "../../../src/github/leases.ts";

function repository(id: number): RepoRef {
  return RepoRef.parse({ id, owner: "acme", name: `shop-${id}`, installationId: 5 });
}

const shop = repository(1);
const write = { contents: "write" } as const;

function desk(settings: Partial<LeaseSettings> = {}) {
  const journal: string[] = [];
  const leases = new TokenLeases({
    mint: async (repo): Promise<Minted> => {
      const id = `t${journal.filter((line) => line.startsWith("mint")).length + 1}`;
      journal.push(`mint ${id} ${fullName(repo)}`);
      return { id, token: new Secret(id), mintedAtMs: 0, expiresAtMs: 0, forget: () => {} };
    },
    revoke: async ({ id }) => void journal.push(`revoke ${id}`),
    fresh: () => true,
    idleMs: 60_000,
    ...settings,
  });
  return { leases, journal };
}

async function reveal(token: Secret): Promise<string> {
  return token.reveal();
}

test("S-13: uses that overlap or follow closely share a token; the last is followed by its revocation", async () => {
  const { leases, journal } = desk();
  const together = [1, 2, 3].map(() => leases.lend(shop, write, reveal));
  expect(await Promise.all(together)).toEqual(["t1", "t1", "t1"]);
  expect(await leases.lend(shop, write, reveal)).toBe("t1");
  expect(journal).toEqual(["mint t1 acme/shop-1"]);
  await leases.close();
  expect(journal).toEqual(["mint t1 acme/shop-1", "revoke t1"]);
});

test("S-13: another repository or other permissions get a token of their own", async () => {
  const { leases } = desk();
  expect(await leases.lend(shop, write, reveal)).toBe("t1");
  expect(await leases.lend(repository(2), write, reveal)).toBe("t2");
  expect(await leases.lend(shop, { contents: "read" }, reveal)).toBe("t3");
  await leases.close();
});

test("F15: after a use that failed, the next one gets a new token, and the old one is revoked", async () => {
  const { leases, journal } = desk();
  const refused = leases.lend(shop, write, () => Promise.reject(new Error("401")));
  await expect(refused).rejects.toThrow("401");
  expect(await leases.lend(shop, write, reveal)).toBe("t2");
  await leases.close();
  expect(journal.toSorted()).toEqual([
    "mint t1 acme/shop-1",
    "mint t2 acme/shop-1",
    "revoke t1",
    "revoke t2",
  ]);
});

test("F15: a token that is about to expire is not lent again", async () => {
  const { leases, journal } = desk({ fresh: ({ id }) => id !== "t1" });
  await leases.lend(shop, write, reveal);
  expect(await leases.lend(shop, write, reveal)).toBe("t2");
  expect(journal).toContain("revoke t1");
  await leases.close();
});

test("A mint that is refused is not remembered, and a token in use outlives the close until its use ends", async () => {
  let refuse = true;
  const { leases, journal } = desk();
  const picky = desk({
    mint: async () => {
      if (refuse) throw new Error("suspended");
      return { id: "t9", token: new Secret("t9"), mintedAtMs: 0, expiresAtMs: 0, forget: () => {} };
    },
  });
  await expect(picky.leases.lend(shop, write, reveal)).rejects.toThrow("suspended");
  refuse = false;
  expect(await picky.leases.lend(shop, write, reveal)).toBe("t9");
  const gate = Promise.withResolvers<void>();
  const using = leases.lend(shop, write, () => gate.promise);
  await leases.lend(shop, write, reveal);
  await leases.close();
  expect(journal).not.toContain("revoke t1");
  gate.resolve();
  await using;
  expect(journal).toContain("revoke t1");
});
