import type { Point } from "../player/pointing";
import type { Knot } from "./work";

/** The path of a shape, as SVG writes it. */
export function pathOf(knots: Knot[], isClosed: boolean): string {
  const [first] = knots;
  if (first === undefined) return "";
  const following = isClosed ? [...knots.slice(1), first] : knots.slice(1);
  const curves = following.map((knot, number) => {
    const from = knots[number]!;
    return `C${from[0] + from[4]} ${from[1] + from[5]} ${knot[0] + knot[2]} ${knot[1] + knot[3]} ${knot[0]} ${knot[1]}`;
  });
  return `M${first[0]} ${first[1]}${curves.join("")}${isClosed ? "Z" : ""}`;
}

/** The knots with some of them moved; their tangents go along. */
export function withMoved(knots: Knot[], which: Set<number>, [dx, dy]: Point): Knot[] {
  return knots.map((knot, number) => (which.has(number) ? [knot[0] + dx, knot[1] + dy, ...rest(knot)] : knot));
}

export type Side = "in" | "out";

/** The knots with the end of a tangent at a point. The other tangent turns along where both were in line, unless `isBroken`. */
export function withTangent(knots: Knot[], which: number, side: Side, [x, y]: Point, isBroken: boolean): Knot[] {
  return knots.map((knot, number) => {
    if (number !== which) return knot;
    const at: Point = [x - knot[0], y - knot[1]];
    const other: Point = side === "in" ? [knot[4], knot[5]] : [knot[2], knot[3]];
    const before: Point = side === "in" ? [knot[2], knot[3]] : [knot[4], knot[5]];
    const turned = !isBroken && isInLine(before, other) ? opposite(at, length(other)) : other;
    return side === "in" ? [knot[0], knot[1], ...at, ...turned] : [knot[0], knot[1], ...turned, ...at];
  });
}

/** A closed shape through points, smooth as Catmull and Rom draw it. */
export function smoothThrough(points: Point[]): Knot[] {
  return points.map((point, number) => {
    const before = points[(number + points.length - 1) % points.length]!;
    const after = points[(number + 1) % points.length]!;
    const [dx, dy] = [(after[0] - before[0]) / 6, (after[1] - before[1]) / 6];
    return [point[0], point[1], -dx, -dy, dx, dy];
  });
}

const STRAIGHT = -0.999;

function isInLine(one: Point, other: Point): boolean {
  const lengths = length(one) * length(other);
  return lengths > 0 && (one[0] * other[0] + one[1] * other[1]) / lengths < STRAIGHT;
}

function opposite(at: Point, far: number): Point {
  const scale = -far / (length(at) || 1);
  return [at[0] * scale, at[1] * scale];
}

function length([x, y]: Point): number {
  return Math.hypot(x, y);
}

function rest(knot: Knot): [number, number, number, number] {
  return [knot[2], knot[3], knot[4], knot[5]];
}
