import { expect, test } from "vitest";
import { requestInWords } from "./request-in-words";

test("prompts are counted object by object", () => {
  const prompts = [
    { object: "hero", frame: 1010, positive: [[1, 2], [3, 4]], negative: [[5, 6]], box: null },
    { object: "hero", frame: 1001, positive: [], negative: [], box: [0, 0, 1, 1] },
    { object: "dog", frame: 1001, positive: [[1, 2]] },
  ];
  expect(requestInWords("segment", { prompts, engine: "auto", curves: { preset: "tight" }, first: 1001, last: 1050 })).toEqual([
    "hero: 2 points, 1 point to leave out, 1 box on frames 1001, 1010.",
    "dog: 1 point on frame 1001.",
    "Objects are followed forwards and backwards from frame 1001 to frame 1050.",
    "Model: auto.",
    "Shapes: tight.",
  ]);
});

test("words that were looked for are told with how many", () => {
  const texts = [{ text: "person in red", most: 2, confidence: 0.5, frame: null, object: "" }];
  expect(requestInWords("segment", { texts, direction: "forward" })).toEqual([
    "“person in red”: the 2 surest in the middle of the shot, at least 50 % sure.",
    "Objects are followed forwards through the whole shot.",
  ]);
});

test("other kinds say what they write", () => {
  expect(requestInWords("export", { formats: ["nk", "exr"], curves: null })).toEqual(["Write nk, exr."]);
  expect(requestInWords("check", {})).toEqual(["Open the plate, read its frames and make a thumbnail."]);
});
