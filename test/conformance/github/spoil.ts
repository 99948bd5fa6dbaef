import { checkRequest, type Problem } from "./official/checker.ts";
import type { Asked } from "./recorder.ts";

/** What the description does not allow in a request. */
export function problemsOf({ operation, values, query, headers, json: body }: Asked): Problem[] {
  const texts = Object.entries(values).map(([name, value]) => [name, String(value)] as const);
  return checkRequest(operation, { values: new Map(texts), query, headers, body });
}

const OTHER = [{}, [], 7, "no such thing", null, true];

/** The same request without one field of its body, or with a value there that the description does not allow. */
export function spoil(asked: Asked): Asked[] {
  const { json } = asked;
  if (typeof json !== "object" || json === null) return [];
  return Object.keys(json).flatMap((name) => {
    const { [name]: _, ...others } = json as Record<string, unknown>;
    const changed = OTHER.map((value) => ({ ...others, [name]: value }));
    const wrong = changed.find((body) => problemsOf({ ...asked, json: body }).length > 0);
    const missing = problemsOf({ ...asked, json: others }).length > 0 ? [others] : [];
    return [...missing, ...(wrong === undefined ? [] : [wrong])].map((body) => {
      return { ...asked, json: body };
    });
  });
}
