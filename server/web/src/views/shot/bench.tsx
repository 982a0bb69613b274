import { useMemo } from "react";
import type { Shot, Version } from "../../api/client";
import { useSay } from "../../parts/toasts";
import { Player } from "../../player/player";
import { type Actions, actionsOn } from "./actions";
import { Layers } from "./layers";
import { marksOf } from "./marks";
import { Panels } from "./panels";
import { ShotBar } from "./shot-bar";
import { TOOLS } from "./tools";
import type { Sought } from "./use-draft";
import { type Bench as State, useBench } from "./use-bench";

interface Props {
  shot: Shot;
  first: number;
  last: number;
  versions: Version[];
}

/** Where a shot is worked on and judged: the player, what is drawn over it, and the panels beside it. */
export function Bench({ shot, first, last, versions }: Props) {
  const range = useMemo(() => ({ first, last }), [first, last]);
  const bench = useBench(shot, range, versions);
  const actions = actionsOn(bench, useSay());
  const { view, jobs } = bench;
  const running = jobs.find((job) => job.state === "running" && ["segment", "reshape"].includes(job.kind));
  const onFrame = useMemo(() => (frame: number) => view.change("frame", frame), [view.change]);
  return (
    <div className="flex flex-col lg:h-full">
      <ShotBar shot={shot} versions={versions} view={view} />
      <div className="flex flex-col lg:min-h-0 lg:flex-1 lg:flex-row">
        <Player
          store={bench.store}
          footage={bench.footage}
          plate={bench.plate}
          frame={view.frame}
          onFrame={onFrame}
          marks={marksOf(bench)}
          span={bench.span.span}
          done={running ? running.done_frames / Math.max(running.total_frames, 1) : null}
          keys={keysOf(bench, actions)}
          room={bench.room}
        >
          <Layers bench={bench} actions={actions} />
        </Player>
        <Panels bench={bench} actions={actions} />
      </div>
    </div>
  );
}

const BRUSH_STEP = 1.25;
const LARGEST_BRUSH = 400;

/** What keys do on the player, besides its own. */
function keysOf({ view, span, tools, work, selection, draft, canWork, canReview }: State, actions: Actions): Record<string, () => void> {
  const { frame } = view;
  const sized = (factor: number) => Math.min(Math.max(Math.round(tools.brush.size * factor), 1), LARGEST_BRUSH);
  const always: Record<string, () => void> = {
    i: () => span.setSpan((now) => ({ first: frame, last: Math.max(now?.last ?? frame, frame) })),
    o: () => span.setSpan((now) => ({ first: Math.min(now?.first ?? frame, frame), last: frame })),
    Escape: () => (span.setSpan(null), selection.setSelected(null)),
  };
  if (!canWork) return always;
  const seek = (sought: Sought) => (draft.setSought(sought), view.change("tab", "review"));
  const chosen = TOOLS.map(([tool, , key]) => [key, () => (tools.setTool(tool), view.change("tab", "refine"))] as const);
  return {
    ...always,
    ...Object.fromEntries(chosen),
    ...(view.chosen ? { n: () => seek("note") } : {}),
    ...(view.chosen && canReview ? { v: () => seek("judgement") } : {}),
    "[": () => tools.setBrush({ ...tools.brush, size: sized(1 / BRUSH_STEP) }),
    "]": () => tools.setBrush({ ...tools.brush, size: sized(BRUSH_STEP) }),
    ...(tools.used === "knots" ? { Delete: actions.removeKnots, Backspace: actions.removeKnots } : {}), // Macs send Backspace
    "mod+z": work.undo,
    "mod+shift+z": work.redo,
    "mod+y": work.redo,
  };
}
