import { ArchitectureResult, type QuestionDraft } from "./results.ts";

const KEYS = ["a", "b", "c", "d"] as const;

/**
 * The question to people about a design whose trade-off is a person's to make: the lead's own question where there is
 * one, else its alternatives with what each comes to. Undefined for every other design.
 */
export function tradeOffQuestion(design: unknown): QuestionDraft | undefined {
  const parsed = ArchitectureResult.safeParse(design);
  if (!parsed.success || !parsed.data.decision.major_trade_off) return undefined;
  const { decision, questions } = parsed.data;
  const [own] = questions ?? [];
  if (own) return own;
  const { alternatives_considered: all, trade_offs, rationale } = decision;
  const recommended = recommendedOf(decision);
  // The recommended one is among them, however many were considered.
  const shown = all.filter((one, index) => index < KEYS.length - 1 || one === recommended);
  const options = shown.slice(0, KEYS.length).map(({ name, summary }, index) => ({
    key: KEYS[index] ?? "d",
    label: name,
    consequence: summary,
  }));
  const at = options.find(({ label }) => label === recommended?.name) ?? options[0];
  return {
    text: `The design has a trade-off that a person should decide. It gains: ${trade_offs.gains.join("; ")}. It loses: ${trade_offs.loses.join("; ")}. It is recommended because: ${rationale} Which one shall be built?`,
    options,
    recommended: at?.key ?? "a",
  };
}

type Decision = ArchitectureResult["decision"];

/** The alternative that the recommendation names, or that says of itself that it was chosen. */
function recommendedOf({
  alternatives_considered: all,
  recommendation,
}: Decision): Decision["alternatives_considered"][number] | undefined {
  const said = recommendation.toLowerCase();
  const named = all
    .filter(({ name }) => said.includes(name.toLowerCase()))
    .toSorted((a, b) => b.name.length - a.name.length);
  return named[0] ?? all.find(({ summary }) => /\bchosen\b/i.test(summary)) ?? all[0];
}
