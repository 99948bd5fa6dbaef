import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  answerLoadSkill,
  answerReadLibrary,
  catalogueOf,
  readablePaths,
  type SkillRequester,
} from "../../../../src/domain/skill/request.ts";
import { loadFact, smallSet } from "../../../helpers/definition-set.ts";

const WITH_BACKEND: SkillRequester = {
  role: "backend-developer",
  loaded: [loadFact("calibrating-time-estimates"), loadFact("gateway-backend")],
};

describe("B6: core skills by name only", () => {
  test("a skill of the role's catalogue is loaded", () => {
    const answer = answerLoadSkill(smallSet(), "using-todowrite", WITH_BACKEND);
    expect(answer).toMatchObject({
      kind: "load",
      text: "Text of skills/using-todowrite/SKILL.md.",
      loads: [
        { fact: { name: "using-todowrite", kind: "core-skill", reason: "asked for by the agent" } },
      ],
    });
  });

  test("a library skill's name is refused with its gateway", () => {
    expect(answerLoadSkill(smallSet(), "dynamo", WITH_BACKEND)).toEqual({
      kind: "refused",
      message: expect.stringMatching(
        /library skill.*table of gateway-backend.*read_library_skill/,
      ) as string,
    });
  });

  test.each([
    "dispatching-parallel-agents",
    "no-such-skill",
    "../using-todowrite",
    "Using-TodoWrite",
    "",
  ])("%j is not in the role's catalogue", (name) => {
    expect(answerLoadSkill(smallSet(), name, WITH_BACKEND)).toEqual({
      kind: "refused",
      message: expect.stringContaining(
        "You may load: using-todowrite, verifying-before-completion",
      ) as string,
    });
  });
});

describe("B7: library skills only by a path of a loaded gateway's table", () => {
  const set = smallSet();

  test("the exact path is read, and the load names the gateway", () => {
    expect(answerReadLibrary(set, "library/topic/dynamo/SKILL.md", WITH_BACKEND)).toMatchObject({
      kind: "load",
      text: "Text of skills/library/topic/dynamo/SKILL.md.",
      loads: [
        {
          fact: {
            path: "library/topic/dynamo/SKILL.md",
            reason: "asked for by the agent, by gateway-backend",
          },
        },
      ],
    });
  });

  test.each([
    ["a guess", "library/topic/dynamodb/SKILL.md"],
    ["shortened", "topic/dynamo/SKILL.md"],
    ["a folder", "library/topic/dynamo"],
    ["with ..", "library/topic/../topic/dynamo/SKILL.md"],
    ["absolute", "/library/topic/dynamo/SKILL.md"],
    ["with ./", "./library/topic/dynamo/SKILL.md"],
    ["the file's own path", "skills/library/topic/dynamo/SKILL.md"],
    ["other letters", "library/topic/Dynamo/SKILL.md"],
    ["outside", "../../etc/passwd"],
    ["an address", "https://example.org/SKILL.md"],
    ["nothing", ""],
  ])("%s is refused and pointed to the gateway", (_case, path) => {
    expect(answerReadLibrary(set, path, WITH_BACKEND)).toEqual({
      kind: "refused",
      message: expect.stringContaining("exactly as gateway-backend gives it") as string,
    });
  });

  test("a core skill's file is refused with the tool to use", () => {
    const answer = answerReadLibrary(set, "skills/writing-plans/SKILL.md", WITH_BACKEND);
    expect(answer).toMatchObject({ message: expect.stringContaining("load_skill") as string });
  });

  test("a path of a gateway that is not loaded is refused with its name", () => {
    const answer = answerReadLibrary(set, "library/topic/behaviour/SKILL.md", WITH_BACKEND);
    expect(answer).toMatchObject({
      kind: "refused",
      message: expect.stringContaining("gateway-testing, which is not loaded") as string,
    });
  });

  test("a path whose file is gone is refused, not guessed", () => {
    const without = { ...set, skills: set.skills.filter((skill) => skill.name !== "dynamo") };
    expect(answerReadLibrary(without, "library/topic/dynamo/SKILL.md", WITH_BACKEND)).toMatchObject(
      {
        kind: "refused",
        message: expect.stringContaining("not there") as string,
      },
    );
  });

  test("D-05: no text but the table's own paths is ever read", () => {
    const allowed = readablePaths(set, WITH_BACKEND.loaded);
    expect(allowed).toHaveLength(3);
    const piece = fc.constantFrom(
      "library",
      "topic",
      "dynamo",
      "..",
      ".",
      "SKILL.md",
      "",
      "\0",
      "skills",
      "%2e%2e",
    );
    const path = fc.oneof(
      fc.array(piece, { maxLength: 7 }).map((parts) => parts.join("/")),
      fc.string(),
      fc.constantFrom(...allowed),
    );
    fc.assert(
      fc.property(path, (wanted) => {
        const answer = answerReadLibrary(set, wanted, WITH_BACKEND);
        expect(answer.kind).toBe(allowed.includes(wanted) ? "load" : "refused");
      }),
      { numRuns: 2_000 },
    );
  });
});

test("B12: what is in the conversation already is not given twice", () => {
  const set = smallSet();
  const first = answerReadLibrary(set, "library/topic/dynamo/SKILL.md", WITH_BACKEND);
  if (first.kind !== "load") throw new Error(first.kind);
  const holds = {
    ...WITH_BACKEND,
    loaded: [...WITH_BACKEND.loaded, ...first.loads.map((l) => l.fact)],
  };
  expect(answerReadLibrary(set, "library/topic/dynamo/SKILL.md", holds)).toEqual({
    kind: "already",
    text: expect.stringContaining("not repeated") as string,
  });
});

test("B11: the catalogue of a role holds what its definition names and the set has", () => {
  const found = catalogueOf(smallSet(), { role: "backend-developer" });
  expect(found.map((skill) => skill.name)).toEqual([
    "using-todowrite",
    "verifying-before-completion",
  ]);
});
