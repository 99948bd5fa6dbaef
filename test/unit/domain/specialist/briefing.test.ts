import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  FINDING_LIMIT,
  FINDINGS_KEPT,
  packFindings,
} from "../../../../src/domain/specialist/briefing.ts";

test("I8: findings of one failure fit into one brief, in their order, and none is left out", () => {
  expect(packFindings(["one", "two"])).toEqual(["one", "two"]);
  const texts = Array.from({ length: 11 }, (_, index) => `finding ${index + 1}.`);
  expect(packFindings(texts)).toEqual([
    "finding 1.\nfinding 2.\nfinding 3.",
    "finding 4.\nfinding 5.\nfinding 6.",
    "finding 7.\nfinding 8.\nfinding 9.",
    "finding 10.\nfinding 11.",
  ]);
  const begins = fc.array(fc.string({ maxLength: 9_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(begins, (findings) => {
      const marked = findings.map((text, index) => `<${index}>${text}`);
      const packed = packFindings(marked);
      expect(packed.length).toBeLessThanOrEqual(FINDINGS_KEPT);
      for (const text of packed) expect(text.length).toBeLessThanOrEqual(FINDING_LIMIT);
      marked.forEach((_, index) => {
        expect(packed.join("\n")).toContain(`<${index}>`);
      });
    }),
  );
});
