import { readdirSync, readFileSync } from "node:fs";
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
  "RunDetails",
  "phaseGraph",
  "planDocument",
  "planPath",
  "workshopNote",
];

/** Names of the modules below a folder. */
function modules(folder: string): string[] {
  const names = readdirSync(new URL(folder, import.meta.url), { recursive: true }).map(String);
  return names.filter((name) => name.endsWith(".ts")).map((name) => `${folder}/${name}`);
}

/** Every export that makes a sentence or is one, as "<file> <name>". */
async function sentences(): Promise<Map<string, unknown>> {
  const reports = modules(REPORTS).filter(
    (path) => !BUILDING_BLOCKS.some((block) => path.endsWith(block)),
  );
  const found = new Map<string, unknown>();
  for (const path of [...reports, "../../../src/commands/replies.ts"])
    for (const [name, value] of Object.entries(await import(path)))
      if (!NO_SENTENCES.includes(name))
        found.set(`${path.split("/").slice(-2).join("/")} ${name}`, value);
  for (const path of modules("../../../src/domain"))
    for (const [name, value] of Object.entries(await import(path)))
      if (/^[a-z]\w*Question$/.test(name)) found.set(`${path.split("/").at(-1)} ${name}`, value);
  return found;
}

/** Where texts stand that people do not read: for agents, for the record of deliveries, for the log. */
const FOR_OTHERS = [
  "workflow/request.ts",
  "workflow/patience.ts",
  "workflow/control/events.ts",
  "workflow/gates/base.ts",
  "workflow/people/escalate.ts",
  "workflow/people/feedback.ts",
  "workflow/people/heed.ts",
  "workflow/phases/brief.ts",
  "workflow/phases/dispatch.ts",
  "workflow/phases/fix.ts",
  "workflow/phases/loop.ts",
  "workflow/phases/outgrown.ts",
  "workflow/planning/plan.ts",
  "workflow/planning/planning-brief.ts",
  "workflow/planning/protocol.ts",
  "workflow/publish/status.ts",
  "commands/carry-out.ts",
  "commands/handle.ts",
  "commands/refuse.ts",
  "commands/replies.ts",
];
/** Texts on lines like these are errors, names of steps and facts, the log's, or what became of a delivery. */
const NOT_SAID = /Error\(|\.step\(|record\(|\blog\.|import |ignored\(|\bdone\(|state: "|\bkey\b/;

/** Texts of four words and more in a file, outside comments. */
function textsIn(path: string): string[] {
  const lines = readFileSync(new URL(path, import.meta.url), "utf8").split("\n");
  return lines.flatMap((line, index) => {
    const before = lines[index - 1]?.trim() ?? "";
    if (/^\s*(?:\*|\/)/.test(line) || NOT_SAID.test(line)) return [];
    if (/(?:Error|\.step|record|log\.\w+)\($/.test(before)) return [];
    const texts = [...line.matchAll(/"([^"]*)"|`([^`]*)`/g)].map(([, a, b]) => a ?? b ?? "");
    return texts.filter((text) => text.split(" ").length > 3);
  });
}

test("every sentence that the bot can say stands in one file", async () => {
  await expect(page(SITUATIONS)).toMatchFileSnapshot("sentences.md");
});

test("no sentence is missing in it: add said(<function>, …) under its situation in ./sentences", async () => {
  const shown = new Set(SITUATIONS.flatMap(({ said }) => said.map(({ sentence }) => sentence)));
  const all = await sentences();
  expect(all.size).toBeGreaterThan(120);
  expect([...all].filter(([, made]) => !shown.has(made)).map(([name]) => name)).toEqual([]);
});

test("the workflow and the commands say nothing of their own: sentences stand in src/reports and commands/replies.ts", () => {
  const files = ["workflow", "commands"].flatMap((room) => modules(`../../../src/${room}`));
  const own = files.filter((path) => !FOR_OTHERS.some((name) => path.endsWith(`/${name}`)));
  const said = own.flatMap((path) => textsIn(path).map((text) => `${path.slice(12)}: ${text}`));
  expect(said).toEqual([]);
});
