import type { Bench } from "./use-bench";

/** Why masks wait: they make the next version, and what was done to shapes is of the one that is looked at. */
export function ShapesFirst({ bench }: { bench: Bench }) {
  if (bench.work.now.edits.length === 0) return null;
  return <p className="text-quiet">Apply to shapes first: their knots are of version {bench.view.chosen?.number}, and masks make the next one.</p>;
}
