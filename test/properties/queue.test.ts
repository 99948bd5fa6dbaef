import fc from "fast-check";
import { expect, test } from "vitest";
import { RunId } from "../../src/domain/ids.ts";
import { type Requested, turnOf } from "../../src/domain/run/queue.ts";

const DAY_MINUTES = 24 * 60;
const START = Date.UTC(2026, 0, 5);

interface Asked {
  readonly person: string;
  /** Minutes after the request before it. */
  readonly after: number;
}

function asked(longest: number): fc.Arbitrary<Asked[]> {
  const person = fc.constantFrom("anna", "ben", "cleo", "dan");
  const one = fc.record({ person, after: fc.integer({ min: 0, max: longest }) });
  return fc.array(one, { minLength: 1, maxLength: 40 });
}

interface Turn extends Requested {
  readonly turn: number;
  readonly minute: number;
  /** Which of the person's runs it is, from 0. */
  readonly nth: number;
}

/** None of the runs ends meanwhile: a repository whose places are all taken. */
function turns(requests: readonly Asked[]): Turn[] {
  const made: Turn[] = [];
  let minute = 0;
  for (const [index, { person, after }] of requests.entries()) {
    minute += after;
    const run = {
      runId: RunId.parse(`7-${index + 1}-r1`),
      repo: { id: 7 },
      requestedBy: person,
      createdAt: new Date(START + minute * 60_000).toISOString(),
    };
    const nth = made.filter((one) => one.requestedBy === person).length;
    made.push({ ...run, minute, nth, turn: turnOf(run, [...made, run]) });
  }
  return made;
}

/** The order in which they start when one place is free after another. */
function order(made: readonly Turn[]): Turn[] {
  return made.toSorted((a, b) => a.turn - b.turn);
}

test("G6: asked within a day, everybody's first run starts before anybody's second, and so on", () => {
  fc.assert(
    fc.property(asked(30), (requests) => {
      fc.pre(requests.reduce((sum, { after }) => sum + after, 0) < DAY_MINUTES);
      const nths = order(turns(requests)).map(({ nth }) => nth);
      expect(nths).toEqual(nths.toSorted((a, b) => a - b));
    }),
  );
});

test("G6: with one place, another person's only run starts second at the latest, whenever within the day it comes", () => {
  const when = fc.integer({ min: 0, max: DAY_MINUTES - 1 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), when, (many, minute) => {
      const flood = Array.from({ length: many }, () => ({ person: "anna", after: 0 }));
      const started = order(turns([...flood, { person: "ben", after: minute }]));
      expect(started.findIndex(({ requestedBy }) => requestedBy === "ben")).toBeLessThan(2);
    }),
  );
});

test("G6: nobody waits for ever: what is asked later than a run's turn never goes before it", () => {
  fc.assert(
    fc.property(asked(2 * DAY_MINUTES), (requests) => {
      const made = turns(requests);
      for (const one of made) {
        const passed = made.filter((other) => other.turn < one.turn && other.minute > one.minute);
        const patience = one.nth * DAY_MINUTES;
        for (const other of passed) expect(other.minute - one.minute).toBeLessThanOrEqual(patience);
      }
    }),
  );
});

test("G6: one person's runs start in the order in which they were asked for", () => {
  fc.assert(
    fc.property(asked(2 * DAY_MINUTES), (requests) => {
      for (const person of ["anna", "ben"]) {
        const own = order(turns(requests)).filter(({ requestedBy }) => requestedBy === person);
        expect(own.map(({ nth }) => nth)).toEqual(own.map((_, index) => index));
      }
    }),
  );
});
