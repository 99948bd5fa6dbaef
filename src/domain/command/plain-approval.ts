import type { QuestionDraft } from "../specialist/results.ts";

/** Words that make an approval one of something else than what was asked about. */
const HOLDS_BACK =
  /\b(?:but|except(?:ing)?|only|if|unless|until|till|after|before|once|when|provided|providing|assuming|as (?:long|soon) as|on (?:the )?condition|without|not|cannot|never|however|(?:al)?though|instead|rather|wait|first|later|change|rename|remove|drop|don['’]?t|doesn['’]?t|won['’]?t|can['’]?t|shouldn['’]?t|isn['’]?t|aren['’]?t)\b|\?/i;
/** Said beside an approval, these hold nothing back. */
const HARMLESS =
  /\bno (?:objections?|concerns?|comments?|notes?|questions?|issues?|problems?)\b|\bnot bad\b/gi;
/** What people say for yes, and what chooses no option. */
const ASSENT =
  /^[*_`(]*(?:yes|yep|yeah|ya|ok(?:ay)?|sure|fine|good|great|perfect|lgtm|approv(?:e[ds]?|al)|agreed?|accept(?:ed)?|go|do it|ship it|(?:sounds|looks) good|\+1|👍|please do|thanks?)(?=$|[^\p{L}\p{N}])/iu;

/**
 * Whether an approval with these words beside it is plain: the option itself, perhaps with a remark. A condition, a
 * change that is wished for and a question are none; a person who means them says so in a way of its own.
 */
export function isPlainApproval(words: string): boolean {
  return !HOLDS_BACK.test(words.replace(HARMLESS, ""));
}

/** The option of a question that lets something pass as it is, where it has one. */
export function approvingOption(
  question: QuestionDraft,
): QuestionDraft["options"][number] | undefined {
  return question.options.find(({ approves }) => approves === true);
}

/**
 * Whether words said to this question would let something pass, were they the option itself: they say yes in another
 * way, or begin with the option's letter and hold it back. Nothing is approved by them.
 */
export function approvesInOtherWords(text: string, question: QuestionDraft): boolean {
  const option = approvingOption(question);
  if (option === undefined) return false;
  const said = text.trim();
  const after = new RegExp(`^[*_\`(]*${option.key}[*_\`)]*(?=$|[^\\p{L}\\p{N}])`, "iu").exec(said);
  if (after) return !isPlainApproval(said.slice(after[0].length));
  return ASSENT.test(said) && plain(said) !== plain(option.label);
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}
