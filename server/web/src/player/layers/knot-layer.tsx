import { type PointerEvent, useState } from "react";
import { pathOf, type Side, withMoved, withTangent } from "../../work/knots";
import type { Knot } from "../../work/work";
import type { Point, Size } from "../pointing";
import { useScale } from "../stage";
import { Layer } from "./layer";
import { isDrawing, pointOf, pointOn } from "./pointer";

const KNOT_PX = 4;
const HANDLE_PX = 3.5;
const GRIP_PX = 12;
/** A click may tremble by so much without moving anything. */
const STEADY_PX = 3;

/** A shape on the frame. */
export interface Outline {
  shape: string;
  colour: string;
  isClosed: boolean;
  isKey: boolean;
  isLocked: boolean;
  knots: Knot[];
  /** Numbers of knots that go; they still move along. */
  removed: ReadonlySet<number>;
}

/** Knots of a shape, by their numbers. */
export interface Selected {
  shape: string;
  knots: Set<number>;
}

interface Props {
  plate: Size;
  outlines: Outline[];
  /** Without it, the outlines are only shown. */
  editing?: {
    selected: Selected | null;
    onSelect: (selected: Selected | null) => void;
    onMove: (shape: string, knots: Knot[]) => void;
    onAdd: (shape: string, point: Point) => void;
  };
}

type Grip = { kind: "knots"; which: Set<number> } | { kind: "tangent"; which: number; side: Side };

interface Drag {
  shape: string;
  grip: Grip;
  from: Point;
  /** Where on the screen it was taken. */
  takenAt: Point;
  knots: Knot[];
}

/** The shapes on the frame with their knots: drag knots, tangents (shift breaks them) or a whole edge; double-click an edge
 * for a knot more. A filled knot is one of a key. */
export function KnotLayer({ plate, outlines, editing }: Props) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const [moved, setMoved] = useState<Knot[] | null>(null);
  const take = (event: PointerEvent<SVGElement>, outline: Outline, grip: Grip) => {
    const layer = event.currentTarget.ownerSVGElement;
    const from = layer && pointOn(layer, event, plate);
    if (!isDrawing(event) || outline.isLocked || !editing || !from) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId); // with the layer's, a double click would not come to the edge
    if (grip.kind === "knots") editing.onSelect({ shape: outline.shape, knots: grip.which });
    setDrag({ shape: outline.shape, grip, from, takenAt: [event.clientX, event.clientY], knots: outline.knots });
  };
  const move = (event: PointerEvent<SVGSVGElement>) => {
    const at = pointOf(event, plate);
    if (drag === null || at === null) return;
    const { grip, from, takenAt, knots } = drag;
    if (moved === null && Math.hypot(event.clientX - takenAt[0], event.clientY - takenAt[1]) < STEADY_PX) return;
    if (grip.kind === "tangent") setMoved(withTangent(knots, grip.which, grip.side, at, event.shiftKey));
    else setMoved(withMoved(knots, grip.which, [at[0] - from[0], at[1] - from[1]]));
  };
  const up = () => {
    if (drag !== null && moved !== null) editing?.onMove(drag.shape, moved);
    setDrag(null);
    setMoved(null);
  };
  return (
    <Layer
      plate={plate}
      label="Shapes on this frame"
      className={editing ? "cursor-default" : "pointer-events-none"}
      onPointerDown={(event) => isDrawing(event) && editing?.onSelect(null)}
      onPointerMove={move}
      onPointerUp={up}
    >
      {outlines.map((outline) => (
        <Shape
          key={outline.shape}
          outline={drag?.shape === outline.shape && moved ? { ...outline, knots: moved } : outline}
          selected={editing?.selected?.shape === outline.shape ? editing.selected.knots : null}
          isEdited={editing !== undefined && !outline.isLocked}
          onTake={(event, grip) => take(event, outline, grip)}
          onAdd={(point) => editing?.onAdd(outline.shape, point)}
          plate={plate}
        />
      ))}
    </Layer>
  );
}

interface ShapeProps {
  outline: Outline;
  selected: Set<number> | null;
  isEdited: boolean;
  plate: Size;
  onTake: (event: PointerEvent<SVGElement>, grip: Grip) => void;
  onAdd: (point: Point) => void;
}

function Shape({ outline, selected, isEdited, plate, onTake, onAdd }: ShapeProps) {
  const scale = useScale();
  const { knots, removed, colour, isClosed, isKey } = outline;
  const left = [...knots.entries()].filter(([number]) => !removed.has(number));
  const path = pathOf(left.map(([, knot]) => knot), isClosed);
  const all = new Set(knots.keys());
  return (
    <g data-shape={outline.shape}>
      <path d={path} className="fill-none stroke-black/70 stroke-3" vectorEffect="non-scaling-stroke" />
      <path d={path} className="fill-none stroke-[1.5]" stroke={colour} vectorEffect="non-scaling-stroke" />
      {isEdited && (
        <path
          d={path}
          className="cursor-move fill-none"
          stroke="transparent"
          strokeWidth={GRIP_PX}
          vectorEffect="non-scaling-stroke"
          pointerEvents="stroke"
          onPointerDown={(event) => onTake(event, { kind: "knots", which: all })}
          onDoubleClick={(event) => {
            const layer = event.currentTarget.ownerSVGElement;
            const at = layer && pointOn(layer, event, plate);
            if (at) onAdd(at);
          }}
        />
      )}
      {left.map(([number, knot]) => (
        <g key={number}>
          {selected?.has(number) && <Tangents knot={knot} scale={scale} onTake={(event, side) => onTake(event, { kind: "tangent", which: number, side })} />}
          <rect
            x={knot[0] - KNOT_PX / scale}
            y={knot[1] - KNOT_PX / scale}
            width={(2 * KNOT_PX) / scale}
            height={(2 * KNOT_PX) / scale}
            fill={selected?.has(number) ? "#fff" : isKey ? colour : "#171717"}
            stroke={colour}
            vectorEffect="non-scaling-stroke"
            className={isEdited ? "cursor-move" : ""}
            onPointerDown={(event) => onTake(event, { kind: "knots", which: grown(selected, number, event.shiftKey) })}
          />
        </g>
      ))}
    </g>
  );
}

function Tangents({ knot, scale, onTake }: { knot: Knot; scale: number; onTake: (event: PointerEvent<SVGElement>, side: Side) => void }) {
  const ends: [Side, number, number][] = [
    ["in", knot[0] + knot[2], knot[1] + knot[3]],
    ["out", knot[0] + knot[4], knot[1] + knot[5]],
  ];
  return ends.map(([side, x, y]) => (
    <g key={side}>
      <line x1={knot[0]} y1={knot[1]} x2={x} y2={y} className="stroke-text" vectorEffect="non-scaling-stroke" />
      <circle
        cx={x}
        cy={y}
        r={HANDLE_PX / scale}
        className="cursor-move fill-room stroke-text"
        vectorEffect="non-scaling-stroke"
        onPointerDown={(event) => onTake(event, side)}
      />
    </g>
  ));
}

/** A knot alone, unless it is among several that are selected; with shift one more. */
function grown(selected: Set<number> | null, number: number, isMore: boolean): Set<number> {
  if (isMore) return new Set([...(selected ?? []), number]);
  return selected?.has(number) ? selected : new Set([number]);
}
