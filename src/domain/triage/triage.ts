import type { Phase } from "../phase.ts";
import type { TestMode } from "../specialist/results.ts";
import { pathsIn } from "../words.ts";
import { decideMode } from "./decide.ts";
import { type Hit, hitsIn } from "./find.ts";
import type { Concern, Triage } from "./mode.ts";
import type { Side } from "./orchestrators.ts";
import { askingText, bodySentences, type Sentence, sentencesOf } from "./text.ts";
import {
  EXTERNAL,
  NO_CODE,
  REAL_SERVICES,
  RESTRUCTURE,
  SECURITY,
  SEVERAL_PARTS,
  WHOLE_SYSTEM,
} from "./words.ts";

/** What triage looks at: the request as of its trigger. */
export interface TriageRequest {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  /** The text after the command; may be empty. */
  readonly command: string;
  /** Phases that the command's `--phases` names. */
  readonly phases?: readonly Phase[];
  /** What this installation works on; the backend unless told. The other side's own work is never handed over. */
  readonly side?: Side;
}

/**
 * Decides how a request is worked on. Pure and deterministic: only words, labels and paths of the request decide. A
 * command that says "only" or "just" narrows the run to what it names.
 */
export function triage(request: TriageRequest): Triage {
  const evidence = gather(request);
  const concerns = request.phases?.length
    ? ofPhases(request.phases)
    : concernsFrom(evidence, request);
  return decideMode(request.side === "frontend" ? asOurs(concerns) : concerns, evidence);
}

interface Evidence {
  readonly hits: readonly Hit[];
  readonly noCode: boolean;
  readonly several: string | undefined;
  readonly testModes: readonly TestMode[];
  readonly wholeSystem: boolean;
}

function gather(request: TriageRequest): Evidence {
  const narrowed = /\b(?:only|just|nothing but)\b/i.test(request.command);
  const prefix = /^\s*(?:\[[^\]]{1,30}\]\s*)?([a-z]{2,10})(?:\([^)]{0,40}\))?!?:\s*/i.exec(
    request.title,
  );
  const kind = /^(?:feat|fix|bug|tests?|docs|refactor|perf|chore|build|ci)$/i.test(
    prefix?.[1] ?? "",
  )
    ? prefix
    : null;
  const title = request.title.slice(kind?.[0].length ?? 0).replace(/^\s*\[[^\]]{1,30}\]\s*/, "");
  const about = narrowed ? [] : [...sentencesOf(title, "title"), ...bodySentences(request.body)];
  const sentences = [...about, ...sentencesOf(request.command, "command")];
  const testTitle = /^tests?$/i.test(kind?.[1] ?? "");
  const hits = sentences.flatMap((one) => hitsIn(one, testTitle && one.place === "title"));
  if (/\bfull-?stack\b/i.test(`${request.title} ${request.command}`))
    hits.push(...fullStack(sentences));
  return {
    hits,
    noCode: sentences.some((one) => NO_CODE.test(one.text)),
    several: severalParts(sentences, request),
    testModes: testModes(hits),
    wholeSystem: sentences.some(({ text }) => WHOLE_SYSTEM.test(text) && REAL_SERVICES.test(text)),
  };
}

function fullStack(sentences: readonly Sentence[]): Hit[] {
  const [sentence] = sentences;
  if (!sentence) return [];
  return (["implementation", "frontend"] as const).map((concern) => ({
    concern,
    word: "full-stack",
    weak: false,
    sentence,
  }));
}

/** The sign that a restructuring concerns several packages. */
function severalParts(sentences: readonly Sentence[], request: TriageRequest): string | undefined {
  const asking = sentences.filter((one) => RESTRUCTURE.test(one.text));
  for (const { text } of asking) {
    const word = SEVERAL_PARTS.exec(text)?.[0];
    if (word !== undefined) return word;
  }
  const areas = new Set(
    pathsIn([request.title, askingText(request.body), request.command].join("\n"))
      .filter((path) => path.includes("/"))
      .map((path) => (/\.[a-z]{1,5}$/.test(path) ? path.slice(0, path.lastIndexOf("/")) : path)),
  );
  return asking.length > 0 && areas.size >= 2 ? [...areas].slice(0, 2).join(" and ") : undefined;
}

type Words = Map<Concern, Set<string>>;

function concernsFrom(evidence: Evidence, request: TriageRequest): Words {
  const strong = evidence.hits.filter((one) => !one.weak);
  const found: Words = new Map();
  for (const one of strong.length > 0 ? strong : evidence.hits) note(found, one.concern, one.word);
  const labels = labelConcerns(request.labels);
  for (const [concern, label] of labels.certain) note(found, concern, label);
  if (evidence.noCode && (found.has("architecture") || found.has("review")))
    found.delete("implementation");
  else if (namesAFeature(strong)) note(found, "implementation", "the title");
  if (found.size === 0) note(found, "implementation", labels.likely ?? "the request as a whole");
  if (found.has("implementation")) noteTouched(found, evidence, request);
  return found;
}

/** To a frontend installation the frontend is what it implements. */
function asOurs(concerns: Words): Words {
  const theirs = concerns.get("frontend");
  if (theirs === undefined) return concerns;
  const implementation = new Set([...(concerns.get("implementation") ?? []), ...theirs]);
  const rest = [...concerns].filter(([concern]) => concern !== "frontend");
  return new Map([...rest, ["implementation", implementation]]);
}

function note(found: Words, concern: Concern, word: string): void {
  found.set(concern, (found.get(concern) ?? new Set()).add(word));
}

/** A title that names a thing without any sign, with only tests or reviews in its list, names what is to be made. */
function namesAFeature(strong: readonly Hit[]): boolean {
  return (
    strong.length > 0 &&
    strong.every((one) => one.sentence.place === "item" && /^(?:testing|review)$/.test(one.concern))
  );
}

function noteTouched(found: Words, evidence: Evidence, request: TriageRequest): void {
  const asking = new Set(
    evidence.hits.filter((one) => one.concern === "implementation").map((one) => one.sentence.text),
  );
  for (const one of sentencesOf(request.title, "title")) asking.add(one.text);
  for (const text of asking) {
    const security = SECURITY.exec(text)?.[0];
    if (security !== undefined) note(found, "security", security);
    const external = EXTERNAL.exec(text)?.[0];
    if (external !== undefined) note(found, "integration", external);
  }
  if (evidence.several !== undefined) note(found, "architecture", evidence.several);
}

const LABELS: readonly (readonly [pattern: RegExp, concern: Concern])[] = [
  [/^(?:architecture|design|adr|rfc)$/, "architecture"],
  [/^(?:tests?|testing|needs[- ]tests|qa|test coverage)$/, "testing"],
  [/^code[- ]review$/, "review"],
  [/^(?:security|vulnerability)$/, "security"],
  [/^(?:front-?end|ui|ux|css)$/, "frontend"],
  [/^(?:back-?end|api)$/, "implementation"],
  [/^full-?stack$/, "frontend"],
  [/^full-?stack$/, "implementation"],
];

function labelConcerns(labels: readonly string[]): {
  certain: [Concern, string][];
  likely?: string;
} {
  const plain = labels.map((label) => (label.split(/[:/]/).at(-1) ?? label).trim().toLowerCase());
  const certain = plain.flatMap((label) =>
    LABELS.filter(([pattern]) => pattern.test(label)).map(([, concern]): [Concern, string] => [
      concern,
      `label ${label}`,
    ]),
  );
  const likely = plain.find((label) =>
    /^(?:bug|defect|enhancement|feature|feature request|regression)$/.test(label),
  );
  return likely === undefined ? { certain } : { certain, likely: `label ${likely}` };
}

const CONCERN_OF_PHASE: Readonly<Record<Phase, Concern>> = {
  architecture: "architecture",
  implementation: "implementation",
  testing: "testing",
  quality: "review",
};

function ofPhases(phases: readonly Phase[]): Words {
  return new Map(phases.map((phase) => [CONCERN_OF_PHASE[phase], new Set([`--phases ${phase}`])]));
}

function testModes(hits: readonly Hit[]): TestMode[] {
  const text = hits
    .filter((one) => one.concern === "testing")
    .map((one) => one.sentence.text)
    .join("\n");
  const modes: TestMode[] = [];
  if (/\b(?:unit|isolation|table-driven)\b/.test(text)) modes.push("unit");
  if (/\b(?:integration|contract|service) tests?\b/.test(text)) modes.push("integration");
  if (/\b(?:acceptance|e2e|end-to-end|end to end|system tests?)\b/.test(text))
    modes.push("acceptance");
  return modes.length > 0 ? modes : ["unit"];
}
