import type { Concern } from "./mode.ts";
import { type Fragment, fragmentsOf, type Sentence } from "./text.ts";
import {
  ASKING_FOR_A_DECISION,
  ASKING_HEADING,
  BACKEND,
  CHOICE_OBJECT,
  CHOICE_VERBS,
  DECISION_WORDS,
  DESIGN_DOCUMENT,
  DESIGN_NOUN,
  DESIGN_QUESTION,
  DESIGN_VERBS,
  FRONTEND,
  LEADERS,
  PARTICIPLE,
  REVIEW,
  REVIEW_VERBS,
  SECURITY,
  SECURITY_AUDIT,
  STRONG_VERBS,
  TEST_VERBS,
  TESTING,
  WORK_VERBS,
} from "./words.ts";

/** One sign of a concern. Weak ones count only where nothing else was found. */
export interface Hit {
  readonly concern: Concern;
  readonly word: string;
  readonly weak: boolean;
  readonly sentence: Sentence;
}

type VerbClass = "design" | "choice" | "test" | "review" | "work";

interface Verb {
  readonly kind: VerbClass;
  readonly word: string;
  readonly strong: boolean;
}

/** Every sign of a concern in one sentence. `testTitle` is a title that a prefix marks as one about tests. */
export function hitsIn(sentence: Sentence, testTitle = false): Hit[] {
  const question =
    DESIGN_QUESTION.exec(sentence.text)?.[0] ??
    (sentence.question ? ASKING_FOR_A_DECISION.exec(sentence.text)?.[0] : undefined);
  if (question !== undefined) return [hit("architecture", question, sentence)];
  const audit = SECURITY_AUDIT.exec(sentence.text)?.[0];
  if (audit?.includes(" for ")) return [hit("security", audit, sentence)];
  const hits: Hit[] = [];
  let verb: Verb | undefined;
  for (const fragment of fragmentsOf(sentence.text)) {
    if (fragment.link === "sub") continue;
    const own = verbOf(fragment.text);
    verb = own ?? verb;
    const found = classify(fragment.text, verb, sentence);
    if (own === undefined && isMore(fragment, found, hits.at(-1))) continue;
    if (found)
      hits.push(
        testTitle && found.concern === "implementation" ? { ...found, concern: "testing" } : found,
      );
  }
  const decision = DECISION_WORDS.exec(sentence.text)?.[0];
  if (decision !== undefined && hits.length === 0)
    hits.push({ ...hit("architecture", decision, sentence), weak: sentence.place === "prose" });
  return hits;
}

const PART_OF_THE_SYSTEM = /\b(?:endpoint|api|back-?end|handler|front-?end|ui)\b/;

/** A further object of "write tests …" is more of the tests, unless it names something of the backend itself. */
function isMore(fragment: Fragment, found: Hit | undefined, before: Hit | undefined): boolean {
  if (fragment.link === "chained" && !PART_OF_THE_SYSTEM.test(fragment.text))
    return found?.concern === "implementation" || found?.concern === "frontend";
  if (found?.concern !== "implementation" || before === undefined) return false;
  if (before.concern === "testing") return !PART_OF_THE_SYSTEM.test(fragment.text);
  return before.concern !== "implementation" && !BACKEND.test(fragment.text);
}

function hit(concern: Concern, word: string, sentence: Sentence): Hit {
  return { concern, word, weak: false, sentence };
}

function classify(text: string, verb: Verb | undefined, sentence: Sentence): Hit | undefined {
  const asks = verb !== undefined || sentence.place !== "prose" || ASKING_HEADING.test(text);
  if (!asks) return lack(text, sentence);
  const frontend = FRONTEND.exec(text)?.[0];
  const found =
    frontend === undefined
      ? (reviewHit(text, verb, sentence) ??
        testHit(text, verb, sentence) ??
        designHit(text, verb, sentence) ??
        workHit(text, verb, sentence))
      : hit("frontend", frontend, sentence);
  const modal =
    verb !== undefined && /^(?:must|should|shall|needs? to|has to|have to)$/.test(verb.word);
  const firm = verb?.kind !== "work" || verb.strong || (found?.concern === "testing" && !modal);
  return found && sentence.place === "prose" && !firm ? { ...found, weak: true } : found;
}

/** Prose that only describes asks for tests when it says that they are missing. */
function lack(text: string, sentence: Sentence): Hit | undefined {
  const word =
    /\b(?:untested|no (?:[a-z]+ )?tests|(?:missing|lacks?|lacking) (?:[a-z]+ )?tests)\b/.exec(
      text,
    )?.[0];
  return word === undefined ? undefined : hit("testing", word, sentence);
}

function reviewHit(text: string, verb: Verb | undefined, sentence: Sentence): Hit | undefined {
  const audit = SECURITY_AUDIT.exec(text)?.[0];
  if (audit !== undefined) return hit("security", audit, sentence);
  const review = REVIEW.exec(text)?.[0];
  if (review !== undefined) return hit("review", review, sentence);
  if (verb?.kind !== "review") return undefined;
  return hit(SECURITY.test(sentence.text) ? "security" : "review", verb.word, sentence);
}

function testHit(text: string, verb: Verb | undefined, sentence: Sentence): Hit | undefined {
  const noun = TESTING.exec(text)?.[0];
  if (noun !== undefined) return hit("testing", noun, sentence);
  return verb?.kind === "test" && verbOf(text) !== undefined
    ? hit("testing", verb.word, sentence)
    : undefined;
}

function designHit(text: string, verb: Verb | undefined, sentence: Sentence): Hit | undefined {
  if (verb?.kind === "design") return hit("architecture", verb.word, sentence);
  const wide = sentence.place === "prose" ? text : sentence.text;
  if (verb?.kind === "choice" && CHOICE_OBJECT.test(wide))
    return hit("architecture", verb.word, sentence);
  const noun = DESIGN_DOCUMENT.exec(text)?.[0] ?? (verb ? undefined : DESIGN_NOUN.exec(text)?.[0]);
  return noun === undefined ? undefined : hit("architecture", noun, sentence);
}

function workHit(text: string, verb: Verb | undefined, sentence: Sentence): Hit | undefined {
  if (verb?.kind === "work")
    return {
      ...hit("implementation", verb.word, sentence),
      weak: sentence.place === "prose" && !verb.strong,
    };
  if (verb !== undefined) return undefined;
  const noun = BACKEND.exec(text)?.[0];
  return noun === undefined ? undefined : hit("implementation", noun, sentence);
}

/** The verb by which a fragment asks for something, if it does. */
function verbOf(text: string): Verb | undefined {
  const tokens = text.split(" ").filter((token) => token !== "" && token !== "-");
  const at = tokens.findIndex((token) => !LEADERS.has(token) && !/[a-z]{3}ly$/.test(token));
  const first = at < 0 ? undefined : tokens[at];
  const kind = first === undefined ? undefined : classOf(first);
  if (first !== undefined && kind) return { kind, word: first, strong: STRONG_VERBS.has(first) };
  return participle(text);
}

function classOf(word: string): VerbClass | undefined {
  if (DESIGN_VERBS.has(word)) return "design";
  if (CHOICE_VERBS.has(word)) return "choice";
  if (TEST_VERBS.has(word)) return "test";
  if (REVIEW_VERBS.has(word)) return "review";
  return WORK_VERBS.has(word) ? "work" : undefined;
}

function participle(text: string): Verb | undefined {
  const word = PARTICIPLE.exec(text)?.[1];
  if (word === undefined) {
    const modal = /\b(?:must|should|shall|needs? to|has to|have to)\b/.exec(text)?.[0];
    return modal === undefined ? undefined : { kind: "work", word: modal, strong: false };
  }
  const kind = /^(?:tested|covered)$/.test(word)
    ? "test"
    : /^(?:reviewed|audited)$/.test(word)
      ? "review"
      : "design";
  return { kind, word, strong: true };
}
