/**
 * What may stand beside words of success without claiming any: counts of what is and is not done, conditions, denials,
 * other people's words in code and quotes, names of commands.
 */
const NO_CLAIMS: readonly RegExp[] = [
  /<!--[\s\S]*?-->/g,
  /(`{3,})[\s\S]*?\n\1/g,
  /`[^`\n]*`/g,
  /\[[ x]\] /g,
  /\| What was done \|/g,
  // Phases, as the report's own key phases_completed calls them.
  /\*\*(?:architecture|implementation|testing|quality)\*\* \(completed\)/g,
  /\| (?:architecture|implementation|testing|quality) \| completed \|/g,
  /\b\d+ of \d+ tasks? done\b/g,
  /\b\d+ passed, \d+ failed\b/g,
  /\bnot (?:called )?(?:yet )?(?:complete|done|verified|ready|passed|green)\b/gi,
  /\bnothing (?:is|was) done\b/gi,
  /\bdone (?:again|here|in another way)\b/gi,
  /\b(?:what|work that) is done (?:is kept|stays)\b/gi,
  /\bfinished work is kept\b/gi,
  /\b(?:until|before|once|unless|if|whether|as soon as)\b[^.;|]*/gi,
  /\bwhen\b[^.;|]* (?:reports|is done|is complete)\b/gi,
  /\b(?:should|must|shall|to have) (?:be|this) done\b/gi,
  /\bwho(?:ever)? works (?:next|after)\b/gi,
  /\bThis half is done\b/g,
];

const CLAIMS =
  /✅|\b(?:completed?|done|pass(?:ed|es)|verified|works|working fine|succeed(?:s|ed)|success(?:ful(?:ly)?)?|green|fixed|finished|solved|resolved|ready|all good|looks good|as (?:it should|expected))\b/gi;

/** The words of success that a text claims something by, each with what stands around it; empty for none. */
export function successClaims(text: string): string[] {
  const rest = NO_CLAIMS.reduce((left, kind) => left.replaceAll(kind, " "), text);
  return [...rest.matchAll(CLAIMS)].map(({ 0: word, index }) =>
    rest.slice(Math.max(0, index - 60), index + word.length + 40).replaceAll(/\s+/g, " "),
  );
}
