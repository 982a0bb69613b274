import { type PointerEvent, useRef, useState } from "react";
import { type Brush, stroke } from "../../work/painting";
import type { Point, Size } from "../pointing";
import { Layer } from "./layer";
import { isDrawing, pointOf } from "./pointer";

interface Props {
  plate: Size;
  brush: Brush;
  isReady: boolean;
  /** The mask to paint on; null while it is not here. */
  begin: () => OffscreenCanvas | null;
  /** It was painted on. */
  onChange: (mask: OffscreenCanvas) => void;
  /** The brush was lifted. */
  onEnd: (mask: OffscreenCanvas) => void;
}

/** Paints on an object's mask; with shift the brush does the opposite. The circle is the brush. */
export function BrushLayer({ plate, brush, isReady, begin, onChange, onEnd }: Props) {
  const mask = useRef<OffscreenCanvas | null>(null);
  const last = useRef<Point | null>(null);
  const [over, setOver] = useState<Point | null>(null);
  const paint = (event: PointerEvent<SVGSVGElement>, to: Point) => {
    if (mask.current === null) return;
    stroke(mask.current, last.current ?? to, to, { ...brush, erases: brush.erases !== event.shiftKey });
    last.current = to;
    onChange(mask.current);
  };
  const down = (event: PointerEvent<SVGSVGElement>) => {
    const at = pointOf(event, plate);
    if (!isDrawing(event) || at === null) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    mask.current = begin();
    last.current = null;
    paint(event, at);
  };
  const move = (event: PointerEvent<SVGSVGElement>) => {
    const at = pointOf(event, plate);
    setOver(at);
    if (at !== null) paint(event, at);
  };
  const up = () => {
    if (mask.current !== null) onEnd(mask.current);
    mask.current = null;
  };
  return (
    <Layer
      plate={plate}
      label="The mask to paint on"
      className={isReady ? "cursor-none" : "cursor-wait"}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerLeave={() => setOver(null)}
    >
      {over && (
        <>
          <circle cx={over[0]} cy={over[1]} r={brush.size / 2} className="fill-none stroke-black stroke-3" vectorEffect="non-scaling-stroke" />
          <circle
            cx={over[0]}
            cy={over[1]}
            r={brush.size / 2}
            className={`fill-none ${brush.erases ? "stroke-bad" : "stroke-good"}`}
            strokeDasharray={brush.erases ? "4 3" : undefined}
            vectorEffect="non-scaling-stroke"
          />
        </>
      )}
    </Layer>
  );
}
