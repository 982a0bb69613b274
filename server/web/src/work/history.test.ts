import { expect, test } from "vitest";
import { begun, done, movedTo, stateOf } from "./history";

test("steps are taken back and done again, one by one", () => {
  const all = done(done(begun(0), "one", 1), "two", 2);
  expect(stateOf(movedTo(all, 1))).toBe(1);
  expect(stateOf(movedTo(movedTo(all, 1), 2))).toBe(2);
  expect(movedTo(all, 9).at).toBe(2);
  expect(movedTo(all, -1).at).toBe(0);
});

test("a step after some were taken back takes their place", () => {
  const all = done(movedTo(done(done(begun(0), "one", 1), "two", 2), 1), "other", 3);
  expect(all.steps.map((step) => step.label)).toEqual(["Begun", "one", "other"]);
  expect(stateOf(all)).toBe(3);
});
