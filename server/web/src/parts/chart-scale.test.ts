import { expect, test } from "vitest";
import { axisOf, columnAt, placeOf, runsOf, timeAxisOf } from "./chart-scale";

test.each([
  [[], [0, 1]],
  [[0, 0], [0, 1]],
  [[1], [0, 0.5, 1]],
  [[3], [0, 1, 2, 3]],
  [[7, 2], [0, 2, 4, 6, 8]],
  [[100], [0, 50, 100]],
  [[101], [0, 50, 100, 150]],
  [[0.03], [0, 0.01, 0.02, 0.03]],
])("an axis for %j is %j", (values, expected) => {
  expect(axisOf(values)).toEqual(expected);
});

test("every value is on its axis, which has few steps", () => {
  for (let value = 0.001; value < 1e7; value *= 1.37) {
    const axis = axisOf([value]);
    expect(axis.at(-1)).toBeGreaterThanOrEqual(value * (1 - 1e-9));
    expect(axis.length).toBeLessThanOrEqual(5);
  }
});

test("things that are counted have no halves", () => {
  expect(axisOf([1], 1)).toEqual([0, 1]);
  expect(axisOf([3], 1)).toEqual([0, 1, 2, 3]);
});

test("times are counted in what people count them in", () => {
  expect(timeAxisOf([0.4])).toEqual([0, 1]);
  expect(timeAxisOf([40])).toEqual([0, 10, 20, 30, 40]);
  expect(timeAxisOf([400])).toEqual([0, 120, 240, 360, 480]);
  expect(timeAxisOf([10_000])).toEqual([0, 3600, 7200, 10_800]);
});

test("zero is at one end and the highest at the other", () => {
  expect([placeOf(0, 10, 100, 0), placeOf(5, 10, 100, 0), placeOf(10, 10, 100, 0)]).toEqual([100, 50, 0]);
  expect(placeOf(0, 0, 100, 0)).toBe(100);
});

test("what is beside the columns belongs to the nearest", () => {
  expect([-5, 0, 9.9, 10, 29, 35].map((place) => columnAt(place, 0, 30, 3))).toEqual([0, 0, 0, 1, 2, 2]);
});

test("a line stops where nothing is known", () => {
  const runs = runsOf([null, 1, 2, null, 3]);
  expect(runs).toEqual([[{ at: 1, value: 1 }, { at: 2, value: 2 }], [{ at: 4, value: 3 }]]);
});
