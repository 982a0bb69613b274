import type { Note } from "../../api/client";
import { BrushLayer } from "../../player/layers/brush-layer";
import { KnotLayer } from "../../player/layers/knot-layer";
import { NoteLayer, type Stroke } from "../../player/layers/note-layer";
import { PromptLayer } from "../../player/layers/prompt-layer";
import { ShapeLayer } from "../../player/layers/shape-layer";
import type { Actions } from "./actions";
import type { Bench } from "./use-bench";
import { promptsOf } from "./use-shot";

/** What lies over the picture, as the panel and the tool that are open want it. */
export function Layers({ bench, actions }: { bench: Bench; actions: Actions }) {
  const { plate, tools, shapes, selection, draft, painting, work, notes } = bench;
  const { frame, chosen, tab } = bench.view;
  const { used } = tools;
  const isHere = (one: { frame: number | null }) => one.frame === frame;
  const said = notes.filter((note) => isHere(note) && note.version_id === chosen?.id).flatMap(strokesOf);
  const { selected, setSelected } = selection;
  return (
    <>
      {bench.outlined.isOutlined && used !== "knots" && <KnotLayer plate={plate} outlines={shapes.outlines} />}
      {tab === "segment" && bench.canWork && (
        <PromptLayer
          plate={plate}
          prompts={work.now.prompts.filter(isHere)}
          before={promptsOf(bench.maker).filter(isHere)}
          onPoint={actions.addPoint}
          onBox={actions.addBox}
        />
      )}
      {(used === "paint" || used === "erase") && (
        <BrushLayer plate={plate} brush={{ ...tools.brush, erases: used === "erase" }} {...painting} />
      )}
      {used === "knots" && (
        <KnotLayer
          plate={plate}
          outlines={shapes.outlines}
          editing={{ selected, onSelect: setSelected, onMove: actions.moveKnots, onAdd: actions.addKnot }}
        />
      )}
      {used === "shape" && <ShapeLayer plate={plate} onDone={actions.drawShape} />}
      {tab === "review" && (
        <NoteLayer
          plate={plate}
          strokes={[...said, ...draft.strokesOn(frame)]}
          onStroke={draft.canDrawOn(frame) ? (stroke) => draft.draw(frame, stroke) : undefined}
        />
      )}
    </>
  );
}

function strokesOf({ drawing }: Note): Stroke[] {
  return (drawing?.strokes as Stroke[] | undefined) ?? [];
}
