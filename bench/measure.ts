import { loadavg } from "node:os";

/** What a series of measurements comes to. Percentiles are by nearest rank: each is a value that was measured. */
export interface Sample {
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
  readonly min: number;
}

export function sampleOf(values: readonly number[]): Sample {
  const sorted = values.toSorted((a, b) => a - b);
  function rank(share: number): number {
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  }
  return { n: sorted.length, p50: rank(0.5), p95: rank(0.95), min: rank(0) };
}

/** The one-minute load average: other work on the machine makes every figure worse. */
export function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

/** Milliseconds with as many digits as they deserve. */
export function ms(value: number): string {
  if (!Number.isFinite(value)) return "-";
  if (value < 10) return value.toFixed(2);
  return value < 100 ? value.toFixed(1) : value.toFixed(0);
}

export function seconds(milliseconds: number): string {
  return (milliseconds / 1_000).toFixed(1);
}

export function ratio(value: number, baseline: number): string {
  return (value / baseline).toFixed(2);
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** Rejects after `limitMs`, so that a measurement that waits for what never comes says so. */
export async function within<T>(work: Promise<T>, what: string, limitMs = 120_000): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`Waited ${limitMs} ms in vain: ${what}`)),
    limitMs,
  );
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
