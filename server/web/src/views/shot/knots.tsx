import { useState } from "react";
import { counted } from "../../parts/counted";
import type { Selected } from "../../player/layers/knot-layer";
import type { Actions } from "./actions";

/** What can be done to the knots that are selected, also without a mouse. */
export function Knots({ selected, actions }: { selected: Selected | null; actions: Actions }) {
  const [by, setBy] = useState("1");
  const far = Number(by) || 0;
  return (
    <div className="grid gap-2">
      <p className="text-quiet">
        {selected ? inWords(selected, actions.isWhole) : "Drag knots, handles or edges; double-click an edge for a knot more."}
      </p>
      {selected && (
        <>
          <div className="flex items-end gap-1">
            <label className="grid gap-1">
              <span className="text-quiet">Move by, px</span>
              <input className="field !w-20" inputMode="decimal" value={by} onChange={(event) => setBy(event.target.value)} />
            </label>
            {(
              [
                ["Left", "←", -far, 0],
                ["Right", "→", far, 0],
                ["Up", "↑", 0, -far],
                ["Down", "↓", 0, far],
              ] as const
            ).map(([label, sign, dx, dy]) => (
              <button key={label} className="button px-2.5" aria-label={label} onClick={() => actions.nudge(dx, dy)}>
                {sign}
              </button>
            ))}
          </div>
          <div className="flex gap-2">
            <button className="button" disabled={actions.isWhole} onClick={actions.removeKnots}>
              Remove knots
            </button>
            <button className="button" onClick={actions.deleteShape}>
              Delete the shape
            </button>
          </div>
        </>
      )}
    </div>
  );
}

function inWords({ shape, knots }: Selected, isWhole: boolean): string {
  if (isWhole) return `All of ${shape}`;
  return `${counted(knots.size, "knot")} of ${shape}`;
}
