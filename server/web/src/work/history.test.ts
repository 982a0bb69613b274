import { expect, test } from "vitest";
import { begun, done, left, movedTo, returned, stateOf } from "./history";

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

test("what was sent in vain comes back with its steps, or as one step after what was done since", () => {
  const before = done(done(begun(0), "one", 1), "two", 2);
  const after = left(before, () => 0);
  const add = (state: number) => state + 2;
  expect(returned(after, { before, after }, "Not done", add)).toBe(before);
  const since = done(after, "ten", 10);
  expect(returned(since, { before, after }, "Not done", add).steps.map((step) => step.label)).toEqual(["Begun", "ten", "Not done"]);
  expect(stateOf(returned(since, { before, after }, "Not done", add))).toBe(12);
});

test("what was not sent is left, with its steps and no others", () => {
  const nothing = { masks: 0, shapes: 0 };
  const masks = done(begun(nothing), "masks", { masks: 1, shapes: 0 });
  const all = done(done(masks, "shapes", { masks: 1, shapes: 1 }), "masks again", { masks: 2, shapes: 1 });
  const now = left(all, (state) => ({ ...state, masks: 0 }));
  expect(now.steps.map((step) => step.label)).toEqual(["Begun", "shapes"]);
  expect(stateOf(now)).toEqual({ masks: 0, shapes: 1 });
  expect(left(masks, (state) => ({ ...state, masks: 0 }))).toEqual(begun(nothing));
});
