import { type PointerEvent, useState } from "react";
import type { Prompt } from "../../work/work";
import { boxOf, type Point, type Size } from "../pointing";
import { useScale } from "../stage";
import { Layer } from "./layer";
import { isDrawing, pointOf } from "./pointer";

const DRAG_PX = 5;
const DOT_PX = 6;
const SIGN_PX = 3.5;

interface Props {
  plate: Size;
  /** What is said of this frame, of all objects. */
  prompts: Prompt[];
  /** What was said of it before, for the version that is looked at. */
  before: Prompt[];
  onPoint: (point: Point, isNegative: boolean) => void;
  onBox: (box: [number, number, number, number]) => void;
}

/** Clicks are points (with shift: not this), drags are boxes; what was said of this frame is drawn. */
export function PromptLayer({ plate, prompts, before, onPoint, onBox }: Props) {
  const [from, setFrom] = useState<{ pointer: Point; at: Point } | null>(null);
  const [to, setTo] = useState<Point | null>(null);
  const down = (event: PointerEvent<SVGSVGElement>) => {
    const at = pointOf(event, plate);
    if (!isDrawing(event) || at === null) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setFrom({ pointer: [event.clientX, event.clientY], at });
  };
  const up = (event: PointerEvent<SVGSVGElement>) => {
    const at = pointOf(event, plate);
    if (from !== null && isDrag(from.pointer, event)) at && onBox(boxOf(from.at, at));
    else if (from !== null) onPoint(from.at, event.shiftKey);
    setFrom(null);
    setTo(null);
  };
  return (
    <Layer
      plate={plate}
      label="What is said of this frame"
      className="cursor-crosshair"
      onPointerDown={down}
      onPointerMove={(event) => from !== null && isDrag(from.pointer, event) && setTo(pointOf(event, plate))}
      onPointerUp={up}
    >
      {from !== null && to !== null && <Box box={boxOf(from.at, to)} />}
      <g opacity={0.4}>
        {before.map((prompt, number) => (
          <Said key={number} prompt={prompt} />
        ))}
      </g>
      {prompts.map((prompt) => (
        <Said key={prompt.object} prompt={prompt} />
      ))}
    </Layer>
  );
}

function Said({ prompt }: { prompt: Prompt }) {
  return (
    <>
      {prompt.box && <Box box={prompt.box} />}
      {prompt.positive.map((point) => (
        <Dot key={`+${point.join()}`} at={point} isNegative={false} />
      ))}
      {prompt.negative.map((point) => (
        <Dot key={`-${point.join()}`} at={point} isNegative />
      ))}
    </>
  );
}

function Box({ box: [x0, y0, x1, y1] }: { box: [number, number, number, number] }) {
  return (
    <rect
      x={x0}
      y={y0}
      width={x1 - x0}
      height={y1 - y0}
      className="fill-none stroke-accent stroke-2"
      vectorEffect="non-scaling-stroke"
    />
  );
}

/** A plus or a minus in a dot: the colours look alike to many. */
function Dot({ at: [x, y], isNegative }: { at: Point; isNegative: boolean }) {
  const scale = useScale();
  const arm = SIGN_PX / scale;
  return (
    <g className="stroke-black">
      <circle cx={x} cy={y} r={DOT_PX / scale} className={isNegative ? "fill-bad" : "fill-good"} vectorEffect="non-scaling-stroke" />
      <path
        d={`M${x - arm} ${y}h${2 * arm}${isNegative ? "" : `M${x} ${y - arm}v${2 * arm}`}`}
        className="stroke-2"
        vectorEffect="non-scaling-stroke"
      />
    </g>
  );
}

function isDrag(from: Point, event: PointerEvent): boolean {
  return Math.hypot(event.clientX - from[0], event.clientY - from[1]) > DRAG_PX;
}
