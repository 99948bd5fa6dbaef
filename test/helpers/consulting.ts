import type { SmallWorld } from "./small-world.ts";

/** A question that a specialist could ask. */
export const STORE = {
  text: "Which store should assets use?",
  options: [
    { key: "a", label: "memory", consequence: "simple" },
    { key: "b", label: "disk", consequence: "durable" },
  ],
  recommended: "a",
};

/** What a lead decides; `major` leaves it to people. */
export function decision(recommendation: string, major = false): unknown {
  return {
    status: "complete",
    summary: "decided",
    decision: {
      recommendation,
      alternatives_considered: [
        { name: "one", summary: "x" },
        { name: "two", summary: "y" },
      ],
      trade_offs: { gains: ["g"], loses: ["l"] },
      rationale: "Reads dominate.",
      boundaries: ["the handler calls the store"],
      schema: [],
      contracts: [],
      major_trade_off: major,
    },
  };
}

/** Who answered which question of specialists, as "who: answer". */
export async function clarifications(world: SmallWorld): Promise<string[]> {
  return (await world.view()).clarifications.map(({ by, answer }) => `${by}: ${answer}`);
}
