import { expect, test } from "vitest";
import { pathOf, smoothThrough, withMoved, withTangent } from "./knots";
import type { Knot } from "./work";

const SQUARE: [number, number][] = [
  [0, 0],
  [6, 0],
  [6, 6],
  [0, 6],
];

test("a shape through points passes each of them, smoothly", () => {
  const knots = smoothThrough(SQUARE);
  expect(knots.map(([x, y]) => [x, y])).toEqual(SQUARE);
  for (const [, , inX, inY, outX, outY] of knots) expect([inX + outX, inY + outY]).toEqual([0, 0]);
  expect(pathOf(knots, true)).toMatch(/^M0 0C.*Z$/);
  expect(pathOf(knots, true).match(/C/g)).toHaveLength(4);
  expect(pathOf(knots, false).match(/C/g)).toHaveLength(3);
});

test("a knot that is moved takes its tangents along, and the others stay", () => {
  const knots = smoothThrough(SQUARE);
  const moved = withMoved(knots, new Set([1]), [2, -1]);
  expect(moved[1]).toEqual([8, -1, ...knots[1]!.slice(2)]);
  expect(moved[0]).toBe(knots[0]);
});

test("the other tangent turns along where both are in line, and stays where they are broken", () => {
  const knot: Knot[] = [[0, 0, -2, 0, 1, 0]];
  expect(withTangent(knot, 0, "out", [0, 3], false)).toEqual([[0, 0, -0, -2, 0, 3]]);
  expect(withTangent(knot, 0, "out", [0, 3], true)).toEqual([[0, 0, -2, 0, 0, 3]]);
  const corner: Knot[] = [[0, 0, -2, 0, 0, 1]];
  expect(withTangent(corner, 0, "in", [-4, 1], false)).toEqual([[0, 0, -4, 1, 0, 1]]);
});
