import { cleanup, render } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { PromptLayer } from "./prompt-layer";

afterEach(cleanup);

test("a point that is not the object is told from one that is without its colour", () => {
  const prompt = { object: "dog", frame: 1001, positive: [[10, 10]] as [number, number][], negative: [[20, 10]] as [number, number][] };
  const ignore = () => undefined;
  const { container } = render(
    <PromptLayer plate={{ width: 97, height: 63 }} prompts={[prompt]} before={[]} onPoint={ignore} onBox={ignore} />,
  );
  const strokes = [...container.querySelectorAll("path")].map((sign) => sign.getAttribute("d")!.match(/M/g)!.length);
  expect(strokes).toEqual([2, 1]);
});
