import { render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { QueuedJob } from "../../api/client";
import { Files } from "./files";

vi.mock("../../parts/toasts", () => ({ useAct: () => vi.fn() }));

function shownOf(files: string[]): string[] {
  render(<Files job={{ id: "job", result: { files } } as unknown as QueuedJob} />);
  return screen.getAllByRole("listitem").map((one) => one.textContent);
}

test("folders have the names that people gave to objects, and how many files they hold", () => {
  const files = ["shapes.nk", "masks/H%C3%A9ro%2Fleft/0001.png", "masks/H%C3%A9ro%2Fleft/0002.png", "masks/100%/0001.png"];
  expect(shownOf(files)).toEqual(["shapes.nk", "masks/Héro/left: 2 files", "masks/100%: 1 file"]);
});
