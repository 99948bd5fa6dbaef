import { HAND_OFF_TARGETS, ORCHESTRATOR_ROLE } from "../specialist/specialists.ts";
import { handOffLabel } from "./hand-off.ts";

/** Who this installation is among orchestrators, and the apps of those it works with. */
export interface Orchestrators {
  readonly name: string;
  /** Names by app id: what these apps say about hand-offs counts, and nobody else's word does. */
  readonly others: ReadonlyMap<number, string>;
}

/** An installation that works alone. */
export const ALONE: Orchestrators = { name: ORCHESTRATOR_ROLE, others: new Map() };

/** What an installation works on. */
export type Side = "backend" | "frontend";

/** The side of an installation by its name; the backend unless it is called otherwise. */
export function sideOf(name: string | undefined): Side {
  return HAND_OFF_TARGETS.some((target) => target === name) ? "frontend" : "backend";
}

/**
 * What is left of a command's line for this installation; undefined when it is for another one. A first word that names
 * one of them addresses it. Where nobody is addressed, `backend-orchestrator` is.
 */
export function lineForUs(line: string, { name, others }: Orchestrators): string | undefined {
  const [first = ""] = line.trim().split(/\s/, 1);
  const addressed = first.toLowerCase().replace(/[:,]$/, "");
  if (addressed === name) return line.trim().slice(first.length).trim();
  if ([...others.values()].includes(addressed)) return undefined;
  return name === ORCHESTRATOR_ROLE ? line : undefined;
}

/** How people address a command to an installation: `/orchestrate`, with its name where it needs one. */
export function commandOf(name: string | undefined): string {
  return name === undefined || name === ORCHESTRATOR_ROLE ? "/orchestrate" : `/orchestrate ${name}`;
}

/** The label by which an installation finds what is handed to it. */
export function ownLabel({ name }: Orchestrators): string {
  return handOffLabel(name);
}
