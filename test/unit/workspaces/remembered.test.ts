import { expect, test } from "vitest";
import { remembered } from "../../../src/workspaces/remembered.ts";

test("asks once, forgets the oldest answer, and asks again what failed", async () => {
  const asked: string[] = [];
  const known = remembered<string>(2);
  function ask(key: string, fails = false): Promise<string> {
    return known(key, async () => {
      asked.push(key);
      if (fails) throw new Error("not now");
      return key.toUpperCase();
    });
  }
  expect(await Promise.all([ask("a"), ask("a"), ask("b")])).toEqual(["A", "A", "B"]);
  await ask("c");
  await ask("b");
  await ask("a");
  expect(asked).toEqual(["a", "b", "c", "a"]);
  await expect(ask("d", true)).rejects.toThrow("not now");
  expect(await ask("d")).toBe("D");
});
