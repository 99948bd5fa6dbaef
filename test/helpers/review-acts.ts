import { type Action, submit, type Turn } from "../../src/playground/scripted-model/script.ts";

export const CHECKED_PRODUCT = `export function product(a, b) {
  if (typeof a !== "number" || typeof b !== "number") throw new TypeError("numbers, please");
  return a * b;
}
`;

/** Classes a review's comments by what they say: a loop is contested, everything else is to be done. */
export function classing({ prompt }: Turn): Action {
  const items = [...prompt.matchAll(/Comment (c\d+) by \S+ on \S+\n([^\n]*)/g)];
  return submit({
    status: "complete",
    summary: "Read the review.",
    comments: items.map(([, id, text]) =>
      text?.includes("loop")
        ? { id, class: "contested", answer: "One multiplication needs no loop." }
        : { id, class: "actionable", task: "refuse what is not a number" },
    ),
  });
}
