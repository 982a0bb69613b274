import type { Bench } from "./use-bench";

/** Why masks wait: they make the next version, and what was done to shapes is of the one that is looked at. */
export function ShapesFirst({ bench }: { bench: Bench }) {
  const { edited } = bench.work.now;
  if (edited === null) return null;
  return <p className="text-quiet">Apply to shapes first: their knots are of version {edited}, and masks make the next one.</p>;
}
