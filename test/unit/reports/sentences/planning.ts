import * as words from "../../../../src/reports/plan-words.ts";
import { blockedSentence } from "../../../../src/reports/replies.ts";
import { QUESTION } from "./examples.ts";
import { type Situation, saidAs } from "./said.ts";

/** What is said about plans, designs and money. */
export const PLANNING_SITUATIONS: readonly Situation[] = [
  {
    heading: "Plans and designs that wait for people",
    said: [
      saidAs(words.undecidedTradeOff, blockedSentence(words.undecidedTradeOff(QUESTION.text))),
    ],
  },
];
