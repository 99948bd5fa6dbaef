import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { page } from "./sentences/said.ts";
import { SITUATIONS } from "./sentences/situations.ts";

const REPORTS = "../../../src/reports";

/** What sentences are made of. */
const BUILDING_BLOCKS = ["markdown.ts", "words.ts"];
/** Exported beside sentences, and none: markers, readers of other people's texts, texts for machines or files. */
const NO_SENTENCES = [
  "statusMarkerName",
  "asksForApproval",
  "isOpenQuestion",
  "offerEnd",
  "readTicks",
  "readHandOff",
  "readHandOffReply",
  "replyOf",
  "ownHalf",
  "halfTicked",
  "handedRequest",
  "runDetails",
  "phaseGraph",
  "planDocument",
  "planPath",
];

/** Every exported function that makes a sentence, as "<file> <name>". */
async function sentences(): Promise<Map<string, unknown>> {
  const files = readdirSync(new URL(REPORTS, import.meta.url)).filter(
    (name) => !BUILDING_BLOCKS.includes(name),
  );
  const paths = [...files.map((name) => `${REPORTS}/${name}`), "../../../src/commands/replies.ts"];
  const found = new Map<string, unknown>();
  for (const path of paths) {
    const module = (await import(path)) as Record<string, unknown>;
    for (const [name, value] of Object.entries(module))
      if (typeof value === "function" && !NO_SENTENCES.includes(name))
        found.set(`${path.split("/").slice(-2).join("/")} ${name}`, value);
  }
  return found;
}

test("every sentence that the bot can say stands in one file", async () => {
  await expect(page(SITUATIONS)).toMatchFileSnapshot("sentences.md");
});

test("no sentence is missing in it: add said(<function>, …) under its situation in ./sentences", async () => {
  const shown = new Set(SITUATIONS.flatMap(({ said }) => said.map(({ sentence }) => sentence)));
  const all = await sentences();
  expect(all.size).toBeGreaterThan(40);
  expect([...all].filter(([, made]) => !shown.has(made)).map(([name]) => name)).toEqual([]);
});
