import { useState } from "react";
import { pathOf, smoothThrough } from "../../work/knots";
import type { Knot } from "../../work/work";
import type { Point, Size } from "../pointing";
import { useScale } from "../stage";
import { Layer } from "./layer";
import { isDrawing, pointOf } from "./pointer";

const CLOSE_PX = 10;
const KNOT_PX = 4;

interface Props {
  plate: Size;
  onDone: (knots: Knot[]) => void;
}

/** Draws a new shape: a click is a knot, a click on the first one closes it. */
export function ShapeLayer({ plate, onDone }: Props) {
  const [points, setPoints] = useState<Point[]>([]);
  const scale = useScale();
  const add = (point: Point) => {
    const [first] = points;
    const isClosing = first && points.length > 2 && Math.hypot(point[0] - first[0], point[1] - first[1]) * scale < CLOSE_PX;
    if (!isClosing) return setPoints([...points, point]);
    setPoints([]);
    onDone(smoothThrough(points));
  };
  return (
    <Layer
      plate={plate}
      label="A new shape"
      className="cursor-crosshair"
      onPointerDown={(event) => {
        const at = pointOf(event, plate);
        if (isDrawing(event) && at !== null) add(at);
      }}
    >
      <path d={pathOf(smoothThrough(points), points.length > 2)} className="fill-accent/15 stroke-accent" vectorEffect="non-scaling-stroke" />
      {points.map(([x, y], number) => (
        <circle key={number} cx={x} cy={y} r={KNOT_PX / scale} className={number === 0 ? "fill-good" : "fill-accent"} />
      ))}
    </Layer>
  );
}
