import { cleanup, render } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { type MarkKind, Timeline } from "./timeline";

afterEach(cleanup);

test("marks of different kinds are told from one another without their colours", () => {
  const kinds: MarkKind[] = ["note", "prompt", "lost", "uncertain", "key"];
  const marks = kinds.map((kind) => ({ kind, label: kind, frames: [1005] }));
  const range = { first: 1001, last: 1012 };
  const { container } = render(<Timeline range={range} frame={1001} marks={marks} span={null} done={null} onFrame={() => undefined} />);
  const forms = [...container.querySelectorAll("span.absolute")].map((mark) => mark.className.replace(/bg-\S+/, ""));
  expect(new Set(forms).size).toBe(kinds.length);
});
