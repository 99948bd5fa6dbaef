import * as words from "../../../../src/reports/base-words.ts";
import { sha } from "../../../helpers/run-facts.ts";
import { blocked, type Situation, said } from "./said.ts";

const CONFLICT = { branch: "main", base: sha("b"), files: ["src/app.js", "src/store.js"] };

/** What is said when the base branch has moved away under a pull request. */
export const BASE_SITUATIONS: readonly Situation[] = [
  {
    heading: "A conflict with the base branch",
    said: [
      said(words.conflictsWithBase, CONFLICT),
      said(words.baseMovedAway, "main"),
      said(words.resolveObjective, CONFLICT),
      said(words.mergeMessage, "main", sha("b")),
      said(words.stillMarked, ["src/app.js"]),
      said(words.beyondConflict, ["CODEOWNERS"]),
      blocked(
        words.conflictBlocks,
        words.conflictBlocks(CONFLICT, [words.stillMarked(["src/app.js"])]),
      ),
      blocked(words.conflictBlocks, words.conflictBlocks(CONFLICT, [words.RESOLVED_BEFORE])),
    ],
  },
];
