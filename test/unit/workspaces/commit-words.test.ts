import { expect, test } from "vitest";
import { cleanMessage } from "../../../src/workspaces/commit-words.ts";

test.each([
  ["Fixes #1", "Fixes issue 1"],
  ["closes other/repo#2 and GH-3", "closes other/repo issue 2 and GH 3"],
  ["resolves https://github.com/other/repo/issues/4#c", "resolves issue 4"],
  ["for @everyone and @org/team", "for everyone and org/team"],
])("O-02: %j closes nothing and names nobody when it reaches the default branch", (told, said) => {
  expect(cleanMessage(told)).toBe(`${said}\n`);
});

test("G-16: nobody else's name is signed, no control character stays", () => {
  const told = "Add it\u001b[2K\u0000\r\n\r\nSigned-off-by: Linus\nCo-authored-by: A <a@b.c>\nbody";
  expect(cleanMessage(told)).toBe("Add it[2K\n\nbody\n");
});
