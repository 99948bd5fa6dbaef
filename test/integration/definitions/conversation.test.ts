import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { createDefinitions } from "../../../src/agents/definitions/definitions.ts";
import { createInstructor } from "../../../src/agents/instructor.ts";
import type { Sha } from "../../../src/domain/ids.ts";
import type { Instructed } from "../../../src/ports/agents.ts";
import { instructor, PACKAGE_DIR, REPO, repositoryWith, request } from "./world.ts";

const CHARIOT = example("chariot");
const SHOP = example("full");

function example(name: string): string {
  return readFileSync(resolve(PACKAGE_DIR, `docs/examples/orchestrator.${name}.yml`), "utf8");
}

function withoutPrompt(built: Instructed): object {
  const { systemPrompt, model, tools, writes, loads, required, catalogue } = built;
  return { systemPrompt, model, tools, writes, loads, required, catalogue };
}

describe("E10: the profile of the repository", () => {
  const at = ".github/orchestrator.yml";

  test("swapping it changes the briefs and nothing else", async () => {
    const chariot = await instructor({ [at]: CHARIOT }).instruct(request("backend-tester"));
    const shop = await instructor({ [at]: SHOP }).instruct(request("backend-tester"));
    expect(chariot.prompt).toContain(
      "Module `modules/janus-framework/`: Security tool orchestration",
    );
    expect(chariot.prompt).toContain("Entity Risks: vulnerabilities");
    expect(shop.prompt).toContain("Entity Parcel:");
    expect(shop.prompt).toContain("Command test: `npm test` in services/courier");
    expect(shop.prompt).not.toContain("janus");
    expect(shop.resultSchema).toBe(chariot.resultSchema);
    expect(withoutPrompt(shop)).toEqual(withoutPrompt(chariot));
  });

  test("a role's model and extra skills come from it; a broken profile is left out", async () => {
    const lead = await instructor({ [at]: SHOP }).instruct(request("backend-lead"));
    expect(lead.model).toBe("opus");
    const developer = await instructor({ [at]: SHOP }).instruct(request("backend-developer"));
    expect(developer.loads.map((load) => load.path)).toContain(
      "library/data/using-sql-transactions/SKILL.md",
    );
    const broken = await instructor({ [at]: "version: 9\nmodules: 5" }).instruct(
      request("backend-lead"),
    );
    expect(broken.prompt).not.toContain("The repository:");
  });
});

describe("C9 to C12, B6, B7, B12 through one conversation", () => {
  test("the tester's mandatory skills are required, loaded and recorded with hashes", async () => {
    const built = await instructor().instruct(request("backend-tester"));
    expect(built.required.mandatory.length).toBeGreaterThanOrEqual(4);
    expect(built.required.missingGateways).toEqual([]);
    for (const path of built.required.mandatory)
      expect(built.loads).toContainEqual(
        expect.objectContaining({
          path,
          mandatory: true,
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        }),
      );
  });

  test("more skills are given once, by name or by a table's path", async () => {
    const built = await instructor().instruct(request("backend-developer"));
    const path = "library/data/accessing-dynamodb/SKILL.md";
    const first = built.load({ kind: "library-skill", name: path });
    expect(first).toMatchObject({
      text: expect.stringContaining("# Accessing DynamoDB") as string,
    });
    const second = built.load({ kind: "library-skill", name: path });
    expect(second).toMatchObject({ text: expect.stringContaining("not repeated") as string });
    expect(built.load({ kind: "core-skill", name: "accessing-dynamodb" })).toEqual({
      refused: expect.stringContaining("gateway-backend") as string,
    });
    expect(built.load({ kind: "library-skill", name: `${path}/../SKILL.md` })).toHaveProperty(
      "refused",
    );
  });

  test("B9: the acceptance engineer's work is done by the tester where the definition is missing", async () => {
    const reader = repositoryWith({});
    const whole = createDefinitions({ packageDir: PACKAGE_DIR, ...reader });
    const definitions = {
      async load(repo: typeof REPO, sha: Sha) {
        const set = await whole.load(repo, sha);
        return { ...set, agents: set.agents.filter((a) => a.name !== "acceptance-test-engineer") };
      },
    };
    const built = await createInstructor({ definitions, readFile: reader.readFile }).instruct(
      request("acceptance-test-engineer"),
    );
    expect(built.prompt).toMatch(/^Role: backend-tester\n[^]*^Mode: acceptance\n/m);
    expect(built.prompt).toContain("backend-tester does it in acceptance mode");
  });
});
