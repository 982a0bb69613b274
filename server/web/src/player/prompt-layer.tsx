import { type PointerEvent, useState } from "react";
import { boxOf, plateAt, type Point, type Prompt, type Size } from "./pointing";

const DRAG_PX = 5;

interface Props {
  plate: Size;
  prompt: Prompt | undefined;
  onPoint: (point: Point, isNegative: boolean) => void;
  onBox: (box: [number, number, number, number]) => void;
}

/** Over the picture: clicks are points (with shift: not this), drags are boxes; what was said of this frame is drawn. */
export function PromptLayer({ plate, prompt, onPoint, onBox }: Props) {
  const [from, setFrom] = useState<{ pointer: Point; at: Point } | null>(null);
  const [to, setTo] = useState<Point | null>(null);
  const where = (event: PointerEvent<SVGSVGElement>) =>
    plateAt([event.clientX, event.clientY], event.currentTarget.getBoundingClientRect(), plate);

  const down = (event: PointerEvent<SVGSVGElement>) => {
    const at = where(event);
    if (event.button !== 0 || event.altKey || at === null) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setFrom({ pointer: [event.clientX, event.clientY], at });
  };
  const up = (event: PointerEvent<SVGSVGElement>) => {
    const at = where(event);
    if (from !== null && isDrag(from.pointer, event)) at && onBox(boxOf(from.at, at));
    else if (from !== null) onPoint(from.at, event.shiftKey);
    setFrom(null);
    setTo(null);
  };
  const drawn = from !== null && to !== null ? boxOf(from.at, to) : prompt?.box;
  return (
    <svg
      viewBox={`0 0 ${plate.width} ${plate.height}`}
      className="absolute inset-0 h-full w-full cursor-crosshair"
      aria-label="What is said of this frame"
      role="img"
      onPointerDown={down}
      onPointerMove={(event) => from !== null && isDrag(from.pointer, event) && setTo(where(event))}
      onPointerUp={up}
    >
      {drawn && (
        <rect
          x={drawn[0]}
          y={drawn[1]}
          width={drawn[2] - drawn[0]}
          height={drawn[3] - drawn[1]}
          className="fill-none stroke-accent stroke-2"
          vectorEffect="non-scaling-stroke"
        />
      )}
      {prompt?.positive.map((point) => <Dot key={`+${point.join()}`} at={point} plate={plate} className="fill-good" />)}
      {prompt?.negative.map((point) => <Dot key={`-${point.join()}`} at={point} plate={plate} className="fill-bad" />)}
    </svg>
  );
}

function Dot({ at, plate, className }: { at: Point; plate: Size; className: string }) {
  const radius = plate.width / 160;
  return <circle cx={at[0]} cy={at[1]} r={radius} className={`${className} stroke-black`} vectorEffect="non-scaling-stroke" />;
}

function isDrag(from: Point, event: PointerEvent): boolean {
  return Math.hypot(event.clientX - from[0], event.clientY - from[1]) > DRAG_PX;
}
