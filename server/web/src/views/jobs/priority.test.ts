import { expect, test } from "vitest";
import { type Placed, prioritiesFor, reordered } from "./priority";

function job(id: string, priority: number, minute: number, may_manage = true): Placed {
  return { id, priority, created_at: `2026-01-01T12:${String(minute).padStart(2, "0")}:00Z`, may_manage };
}

function queue(jobs: readonly Placed[]): Placed[] {
  return [...jobs].sort((one, other) => other.priority - one.priority || one.created_at.localeCompare(other.created_at));
}

/** The queue once a job was moved, and what was changed for it. */
function move(jobs: Placed[], id: string, to: number) {
  const changed = prioritiesFor(reordered(jobs, id, to), id);
  const after = queue(jobs.map((one) => ({ ...one, priority: changed?.get(one.id) ?? one.priority })));
  return { changed, after: after.map((one) => one.id).join("") };
}

test("the new priority lies midway between those of the neighbours", () => {
  const { changed, after } = move([job("a", 80, 1), job("b", 40, 2), job("c", 20, 3)], "c", 1);
  expect([...changed!]).toEqual([["c", 60]]);
  expect(after).toBe("acb");
});

test("at the ends of the queue there is room left", () => {
  const jobs = [job("a", 50, 1), job("b", 50, 2), job("c", 50, 3)];
  expect([...move(jobs, "c", 0).changed!]).toEqual([["c", 56]]);
  expect([...move(jobs, "a", 2).changed!]).toEqual([["a", 44]]);
});

test("between equals that leave no room only those move that have to", () => {
  const jobs = [job("a", 50, 1), job("b", 50, 2), job("c", 50, 3), job("d", 50, 4), job("e", 50, 5)];
  const { changed, after } = move(jobs, "e", 1);
  expect(after).toBe("aebcd");
  expect([...changed!]).toEqual([["a", 51], ["e", 51]]);
  expect(move(jobs, "d", 1)).toMatchObject({ after: "adbce" });
  expect(move(jobs, "a", 2)).toMatchObject({ after: "bcade" });
});

test("at the top of the scale the others make room", () => {
  const { changed, after } = move([job("a", 100, 1), job("b", 100, 2), job("c", 50, 3)], "c", 0);
  expect(after).toBe("cab");
  expect([...changed!.keys()].sort()).toEqual(["a", "b", "c"]);
});

test("jobs that are not one's own to move stay where they are", () => {
  expect(prioritiesFor(reordered([job("a", 100, 1, false), job("b", 50, 2)], "b", 0), "b")).toBeNull();
  const { changed, after } = move([job("a", 50, 1, false), job("b", 50, 2), job("c", 50, 3)], "c", 1);
  expect(after).toBe("acb");
  expect(changed!.has("a")).toBe(false);
});

test("a moment of a whole second is not later than one with a fraction", () => {
  const whole = { ...job("a", 50, 1), created_at: "2026-01-01T12:00:00Z" };
  const later = { ...job("b", 50, 1), created_at: "2026-01-01T12:00:00.5Z" };
  expect(prioritiesFor([whole, later, job("c", 50, 2)], "c")!.has("b")).toBe(false);
});

test("whatever is moved where, the queue is in the order that was asked for, and no more changes than need be", () => {
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 500; round += 1) {
    const count = 2 + random(7);
    const spread = 1 + random(101);
    const jobs = queue(Array.from({ length: count }, (_, at) => job(String(at), 100 - random(spread), random(60))));
    if (new Set(jobs.map((one) => one.created_at)).size < count) continue;
    const id = jobs[random(count)]!.id;
    const wanted = reordered(jobs, id, random(count));
    const changed = prioritiesFor(wanted, id)!;
    const after = queue(jobs.map((one) => ({ ...one, priority: changed.get(one.id) ?? one.priority })));
    expect(after.map((one) => one.id)).toEqual(wanted.map((one) => one.id));
    for (const priority of changed.values()) expect(priority).toBeGreaterThanOrEqual(0);
    for (const priority of changed.values()) expect(priority).toBeLessThanOrEqual(100);
  }
});
