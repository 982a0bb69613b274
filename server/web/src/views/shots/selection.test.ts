import { expect, test } from "vitest";
import type { Shot } from "../../api/client";
import { all, NOTHING, ranged, renewed, type Selection, toggled } from "./selection";

const SHOTS = ["a", "b", "c", "d", "e"].map((id) => ({ id, name: id, revision: 1 }) as Shot);
const [a, b, c, d, e] = SHOTS as [Shot, Shot, Shot, Shot, Shot];
const ids = (selection: Selection) => [...selection.picked.keys()].sort().join("");

test("a shot is picked, and left again", () => {
  const once = toggled(NOTHING, b);
  expect(ids(once)).toBe("b");
  expect(ids(toggled(once, b))).toBe("");
});

test("a range goes from the last one that was picked, in either direction, and keeps what was picked before", () => {
  const begun = toggled(toggled(NOTHING, a), d);
  expect(ids(ranged(begun, SHOTS, e))).toBe("ade");
  expect(ids(ranged(begun, SHOTS, b))).toBe("abcd");
  expect(ids(ranged(ranged(begun, SHOTS, e), SHOTS, c))).toBe("acde");
});

test("without a beginning a range is the one shot", () => {
  expect(ids(ranged(NOTHING, SHOTS, c))).toBe("c");
  expect(ids(ranged(toggled(NOTHING, e), [a, b, c], b))).toBe("be");
});

test("what was picked follows what the shots are by now, and what is gone is let go", () => {
  const changed = { ...b, revision: 2 };
  const now = renewed(all([a, b, c]), [changed, d], new Set(["c"]));
  expect(ids(now)).toBe("ab");
  expect(now.picked.get("b")?.revision).toBe(2);
});
