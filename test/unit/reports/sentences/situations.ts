import { BASE_SITUATIONS } from "./base.ts";
import { COMMAND_SITUATIONS } from "./commands.ts";
import { DECISION_SITUATIONS } from "./decisions.ts";
import { END_SITUATIONS } from "./ends.ts";
import { GATE_SITUATIONS } from "./gates.ts";
import { PEOPLE_SITUATIONS } from "./people.ts";
import { PLANNING_SITUATIONS } from "./planning.ts";
import { REPORT_SITUATIONS } from "./reports.ts";
import type { Situation } from "./said.ts";

/** Every situation in which the bot says something. */
export const SITUATIONS: readonly Situation[] = [
  ...COMMAND_SITUATIONS,
  ...REPORT_SITUATIONS,
  ...PEOPLE_SITUATIONS,
  ...GATE_SITUATIONS,
  ...BASE_SITUATIONS,
  ...PLANNING_SITUATIONS,
  ...DECISION_SITUATIONS,
  ...END_SITUATIONS,
];
