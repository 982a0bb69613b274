import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { useListKeys } from "./list-keys";

const NAMES = ["a", "b", "c", "d", "e"];

function List({ columns, onX }: { columns?: number; onX?: (index: number) => void }) {
  const { focusAt } = useListKeys({ count: NAMES.length, columns, show: () => undefined, keys: onX ? { x: onX } : {} });
  return (
    <>
      <input aria-label="Search" />
      {NAMES.map((name, index) => (
        <a key={name} href={`#${name}`} ref={focusAt(index)}>
          {name}
        </a>
      ))}
    </>
  );
}

const press = (...keys: string[]) => keys.forEach((key) => fireEvent.keyDown(document.activeElement ?? document.body, { key }));
const focused = () => document.activeElement?.textContent;

afterEach(cleanup);

test("arrows go through the links, and stop at the ends", () => {
  render(<List />);
  press("ArrowDown", "ArrowDown", "ArrowDown");
  expect(focused()).toBe("c");
  press("ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp");
  expect(focused()).toBe("a");
  press("End");
  expect(focused()).toBe("e");
});

test("in a grid a row is as far as there are columns", () => {
  render(<List columns={2} />);
  press("Home", "ArrowDown", "ArrowRight");
  expect(focused()).toBe("d");
  press("ArrowDown");
  expect(focused()).toBe("d");
});

test("a letter is for the one where one is, and never for what is written", () => {
  const onX = vi.fn();
  render(<List onX={onX} />);
  press("x");
  expect(onX).not.toHaveBeenCalled();
  press("ArrowDown", "ArrowDown", "x");
  expect(onX).toHaveBeenCalledWith(1);
  screen.getByLabelText("Search").focus();
  press("x", "ArrowDown");
  expect(onX).toHaveBeenCalledTimes(1);
  expect(document.activeElement).toBe(screen.getByLabelText("Search"));
});
