import type { Estimate, Forecast } from "../domain/budget/estimate.ts";
import { count, duration, money } from "./words.ts";

/** An estimate for people, always with what it rests on: `about 4 min (measured, n = 7, median; P90 9 min)`. */
export function estimateWords(estimate: Estimate): string {
  if (estimate.basis === "measured") {
    const where = estimate.from === "repository" ? "" : ", other repositories included";
    return `about ${duration(estimate.medianMs)} (measured, n = ${estimate.n}, median${where}; P90 ${duration(estimate.p90Ms)})`;
  }
  const byHand = duration(estimate.humanMinutes * 60_000);
  return `about ${duration(estimate.ms)} (prior: ${byHand} by hand, divided by ${estimate.divisor}; nothing measured yet)`;
}

/** The forecast of a plan before it starts, in one line. An unknown cost is said to be unknown. */
export function forecastWords(forecast: Forecast): string {
  return `about ${duration(forecast.ms)}, ${count(Math.round(forecast.tokens), "token")}, ${money(forecast.usd)} (${basisWords(forecast)})`;
}

function basisWords(forecast: Forecast): string {
  switch (forecast.basis) {
    case "measured":
      return `measured, medians of ${count(forecast.tasks, "task")}`;
    case "mixed":
      return `${forecast.measuredTasks} of ${count(forecast.tasks, "task")} measured, the rest prior`;
    case "prior":
      return "prior, nothing measured yet";
  }
}
