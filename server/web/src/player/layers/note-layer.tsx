import { type PointerEvent, useState } from "react";
import type { Point, Size } from "../pointing";
import { Layer } from "./layer";
import { isDrawing, pointOf } from "./pointer";

export type Stroke = Point[];

interface Props {
  plate: Size;
  strokes: Stroke[];
  /** A line more was drawn; without it, lines are only shown. */
  onStroke?: (stroke: Stroke) => void;
}

/** What reviewers draw on a frame. */
export function NoteLayer({ plate, strokes, onStroke }: Props) {
  const [drawn, setDrawn] = useState<Stroke>([]);
  const down = (event: PointerEvent<SVGSVGElement>) => {
    const at = pointOf(event, plate);
    if (!onStroke || !isDrawing(event) || at === null) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrawn([at]);
  };
  const move = (event: PointerEvent<SVGSVGElement>) => {
    const at = pointOf(event, plate);
    if (drawn.length > 0 && at !== null) setDrawn([...drawn, at]);
  };
  const up = () => {
    if (drawn.length > 1) onStroke?.(drawn);
    setDrawn([]);
  };
  return (
    <Layer
      plate={plate}
      label="Drawn notes"
      className={onStroke ? "cursor-crosshair" : "pointer-events-none"}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
    >
      {[...strokes, drawn].map((stroke, number) => (
        <polyline
          key={number}
          points={stroke.map((point) => point.join()).join(" ")}
          className="fill-none stroke-wait stroke-3"
          strokeLinecap="round"
          strokeLinejoin="round"
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </Layer>
  );
}
