import { expect, test } from "vitest";
import { RunId } from "../../../../src/domain/ids.ts";
import { placeOf, turnOf } from "../../../../src/domain/run/queue.ts";

const THIRD = RunId.parse("7-3-r1");

test("G6: a run's place counts runs, not their dispatches, and names the issues before it", () => {
  const queue = {
    atWork: ["7-1-r1.tests.1", "7-1-r1.more-tests.1", "7-2-r1.plan.1"],
    waiting: ["7-5-r2.plan.1", "7-4-r1.unit.1", "7-4-r1.acceptance.1", "7-3-r1.plan.1"],
    room: 0,
  };
  expect(placeOf(THIRD, queue)).toEqual({ place: 3, of: 3, before: [5, 4], atWork: [1, 2] });
});

test("G6: a run that is at work, that starts at once, or that has nothing queued has no place", () => {
  expect(placeOf(THIRD, { atWork: ["7-3-r1.a.1"], waiting: ["7-3-r1.b.1"], room: 0 })).toBe(
    undefined,
  );
  const waiting = ["7-3-r1.a.1", "7-4-r1.a.1"];
  expect(placeOf(THIRD, { atWork: [], waiting, room: 1 })).toBe(undefined);
  expect(placeOf(RunId.parse("7-4-r1"), { atWork: [], waiting, room: 1 })).toEqual({
    place: 1,
    of: 1,
    before: [],
    atWork: [3],
  });
  expect(placeOf(THIRD, { atWork: ["7-33-r1.a.1"], waiting: [], room: 0 })).toBe(undefined);
});

test("G6: only earlier runs of the same person in the same repository put a run back", () => {
  const own = request(1, "anna", "12:00");
  const next = { ...request(2, "Anna", "12:01"), requestedBy: "Anna" };
  const others = [
    request(3, "ben", "11:00"),
    { ...request(4, "anna", "11:00"), repo: { id: 8 } },
    request(5, "anna", "12:30"),
  ];
  const alone = turnOf(next, [next, ...others]);
  expect(turnOf(next, [own, next, ...others]) - alone).toBe(24 * 60);
  expect(alone - turnOf(own, [own, next, ...others])).toBe(1);
});

function request(issue: number, requestedBy: string, time: string) {
  const runId = RunId.parse(`7-${issue}-r1`);
  return { runId, repo: { id: 7 }, requestedBy, createdAt: `2026-01-05T${time}:00.000Z` };
}
