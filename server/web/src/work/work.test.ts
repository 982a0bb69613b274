import { expect, test } from "vitest";
import { type Edit, NO_WORK, promptOn, removedKnots, reshaping, segmentation, summary, withEdit, withPainted, withPrompt, withSent, withSpanAgain } from "./work";

test("points gather on their frames, and a new box takes the place of the old one", () => {
  let work = withPrompt(NO_WORK, "dog", 1005, { positive: [[1, 2]] });
  work = withPrompt(work, "dog", 1001, { box: [0, 0, 5, 5] });
  work = withPrompt(work, "dog", 1005, { negative: [[3, 4]] });
  work = withPrompt(work, "dog", 1001, { box: [1, 1, 6, 6] });
  expect(work.prompts).toEqual([
    { object: "dog", frame: 1001, positive: [], negative: [], box: [1, 1, 6, 6] },
    { object: "dog", frame: 1005, positive: [[1, 2]], negative: [[3, 4]] },
  ]);
  expect(summary(work)).toBe("2 points, 1 box on 2 frames");
  expect(NO_WORK.prompts).toEqual([]);
});

test("points on a frame that has a mask correct that mask", () => {
  const work = withPrompt(NO_WORK, "dog", 1005, { negative: [[3, 4]] }, 2);
  expect(promptOn(work, "dog", 1005)?.version).toBe(2);
});

test("a painted mask takes the place of points, and points after it correct it", () => {
  let work = withPainted(withPrompt(NO_WORK, "dog", 1005, { positive: [[1, 2]] }), "dog", 1005, "abc");
  work = withPrompt(work, "dog", 1005, { negative: [[3, 4]] }, 2);
  expect(work.prompts).toEqual([{ object: "dog", frame: 1005, positive: [], negative: [[3, 4]], painted: "abc" }]);
});

test("frames are segmented again from the masks on both sides, where there are any", () => {
  const had = { version: 1, frames: [1001, 1002, 1003, 1004, 1005, 1006], prompted: [1001, 1005] };
  const work = withSpanAgain(NO_WORK, "dog", 1004, 1006, had);
  expect(work.prompts).toEqual([
    { object: "dog", frame: 1003, positive: [], negative: [], version: 1 },
    { object: "dog", frame: 1005, positive: [], negative: [] },
  ]);
  expect(withSpanAgain(NO_WORK, "dog", 1001, 1006, had)).toEqual(NO_WORK);
});

test("a shape that is moved again on a frame is moved once", () => {
  const moved = (x: number) => ({ do: "move" as const, shape: "dog/shape 1", frame: 1005, knots: [[x, 0, 0, 0, 0, 0]] });
  const work = withEdit(withEdit(NO_WORK, moved(1) as never, 3), moved(2) as never, 3);
  expect(work.edits).toEqual([moved(2)]);
  expect(work.edited).toBe(3);
});

test("what was sent in vain is work again, and what was said since is said later", () => {
  const point = (x: number) => withPrompt(NO_WORK, "dog", 1005, { positive: [[x, 2]] });
  const edit: Edit = { do: "delete", shape: "cat/1" };
  const sent = withEdit({ ...point(1), deleted: ["cat"] }, edit, 3);
  expect(withSent(NO_WORK, sent)).toEqual(sent);
  expect(withSent(point(5), sent).prompts).toEqual(point(5).prompts);
  const other = withEdit(NO_WORK, { do: "delete", shape: "cow/1" }, 4);
  expect(withSent(other, sent)).toMatchObject({ edits: other.edits, edited: 4 });
});

test("merged objects are not kept", () => {
  const asked = segmentation({ ...NO_WORK, merges: [{ name: "both", objects: ["dog", "lead"] }] });
  expect(asked.combine).toEqual([{ name: "both", objects: ["dog", "lead"], operation: "union", keep: false }]);
});

test("moves have all knots of the version, so they are sent before knots go, and a knot goes where it was moved to", () => {
  const knots = [0, 10, 20, 30].map((x): [number, number, number, number, number, number] => [x, 5, 0, 0, 0, 0]);
  const edits: Edit[] = [
    { do: "delete", shape: "cat/1" },
    { do: "remove_knot", shape: "dog/1", frame: 1005, point: [1, 1], knot: 2 },
    { do: "add_knot", shape: "dog/1", frame: 1005, point: [3, 3] },
    { do: "move", shape: "dog/1", frame: 1005, knots },
  ];
  const work = edits.reduce((so, edit) => withEdit(so, edit, 3), NO_WORK);
  expect([...removedKnots(work, "dog/1")]).toEqual([2]);
  expect(reshaping(work).edits).toEqual([
    { do: "move", shape: "dog/1", frame: 1005, knots },
    { do: "remove_knot", shape: "dog/1", frame: 1005, point: [20, 5] },
    { do: "add_knot", shape: "dog/1", frame: 1005, point: [3, 3] },
    { do: "delete", shape: "cat/1" },
  ]);
});
