import { expect, test } from "vitest";
import { ahead, begins, nextOf, playing, stepped, within } from "./clock";

const RANGE = { first: 1001, last: 1012 };

test("a step past the end goes round, in both directions", () => {
  expect(stepped(1012, 1, RANGE)).toBe(1001);
  expect(stepped(1001, -1, RANGE)).toBe(1012);
  expect(stepped(1005, -24, RANGE)).toBe(1005);
});

test.each([23.976, 24, 25, 29.97])("every frame is played in its turn at %d frames a second", (fps) => {
  const middles = Array.from({ length: 12 }, (_, number) => playing(1001, (number + 0.5) / fps, fps, 1, RANGE));
  expect(middles).toEqual([1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012]);
});

test("a frame that comes late is made up for, and one that was waited for is not", () => {
  expect(begins(1000, 1030, 24)).toBe(1000);
  expect(begins(1000, 1500, 24)).toBe(1500);
});

test("it plays backwards and at twice the speed", () => {
  expect(playing(1005, 2.5 / 24, 24, -1, RANGE)).toBe(1003);
  expect(playing(1001, 1.5 / 24, 24, 2, RANGE)).toBe(1004);
});

test("a typed frame stays inside the shot", () => {
  expect([within(0, RANGE), within(1006, RANGE), within(9999, RANGE)]).toEqual([1001, 1006, 1012]);
});

test("what comes next in the direction of play is loaded first, and nothing twice", () => {
  expect(ahead(1011, 4, 1, RANGE)).toEqual([1011, 1012, 1001, 1002]);
  expect(ahead(1002, 3, -1, RANGE)).toEqual([1002, 1001, 1012]);
  expect(new Set(ahead(1001, 99, 1, RANGE)).size).toBe(12);
});

test("without a loop it stops at the end", () => {
  expect(playing(1010, 9, 24, 1, RANGE, false)).toBe(1012);
  expect(playing(1003, 9, 24, -1, RANGE, false)).toBe(1001);
});

test("the next marked frame is found in both directions, going round", () => {
  expect(nextOf([1010, 1003], 1005, 1)).toBe(1010);
  expect(nextOf([1010, 1003], 1005, -1)).toBe(1003);
  expect(nextOf([1003], 1005, 1)).toBe(1003);
  expect(nextOf([], 1005, 1)).toBeNull();
});
