import { fetchFile } from "../../api/client";
import { withMoved } from "../../work/knots";
import { counted } from "../../parts/counted";
import type { Say } from "../../parts/toasts";
import type { Point } from "../../player/pointing";
import { keepMask, paintedPath } from "../../work/painting";
import {
  type Edit,
  type Finish,
  type Knot,
  type Prompt,
  promptOn,
  withEdit,
  withoutPrompt,
  withPainted,
  withPrompt,
  withSpanAgain,
} from "../../work/work";
import type { Bench } from "./use-bench";
import { promptedIn } from "./use-shot";

/** What can be done on the frame that is looked at, to the object that is worked on; each is a step that can be taken back. */
export function actionsOn(bench: Bench, say: Say) {
  const { work, held, masks, shapes, selection } = bench;
  const { frame, chosen } = bench.view;
  const object = bench.objects.active;
  /** Edits shapes of the version that is looked at, in one step; answers whether it may be done. */
  const edit = (label: string, ...edits: Edit[]): boolean => {
    const { edited } = work.now;
    const isOther = edited !== null && edited !== chosen?.number;
    if (isOther) say(`Shapes of version ${edited} were changed. Apply or undo that first.`, true);
    else work.do(label, (now) => edits.reduce((so, one) => withEdit(so, one, chosen?.number ?? 0), now));
    return !isOther;
  };
  const selected = shapes.outlines.find((one) => one.shape === selection.selected?.shape);
  const left = selected ? [...selected.knots.keys()].filter((knot) => !selected.removed.has(knot)) : [];
  const isWhole = left.length > 0 && left.every((knot) => selection.selected?.knots.has(knot));
  const moveKnots = (shape: string, knots: Knot[]) => edit(`Knots of ${shape} on ${frame}`, { do: "move", shape, frame, knots });
  const deleteShape = () => {
    const shape = selection.selected?.shape;
    selection.setSelected(null);
    if (shape === undefined) return;
    if (edit(`${shape} deleted`, { do: "delete", shape })) say(`${shape} is deleted, on all frames. Undo brings it back.`);
  };
  return {
    addPoint: (point: Point, isNegative: boolean) =>
      work.do(`${isNegative ? "Not this" : "Point"} on ${frame}`, (now) =>
        withPrompt(now, object, frame, isNegative ? { negative: [point] } : { positive: [point] }, held),
      ),
    addBox: (box: NonNullable<Prompt["box"]>) =>
      work.do(`Box on ${frame}`, (now) => withPrompt(withoutPrompt(now, object, frame), object, frame, { box })),
    takeBack: (prompt: Prompt) =>
      work.do(`Cleared ${prompt.frame}`, (now) => withoutPrompt(now, prompt.object, prompt.frame)),
    /** Has the worker forget what was said of the object on this frame when the version was made. */
    forget: () =>
      work.do(`Nothing said on ${frame}`, (now) => withPrompt(withoutPrompt(now, object, frame), object, frame, {})),
    /** Takes what else the prompt may mean in place of the surest. Raises Problem. */
    takeOther: async () => {
      const prompt = promptOn(work.now, object, frame);
      const [path] = (prompt && bench.answers.answerTo(prompt)?.alternatives) ?? [];
      if (path === undefined) return;
      const [file, mask] = await Promise.all([fetchFile(path), bench.store.load(path)]);
      const name = await keepMask(bench.shot.id, file);
      if (mask) bench.store.put(paintedPath(name), mask);
      work.do(`Something else on ${frame}`, (now) => withPainted(now, object, frame, name));
    },
    finish: (finish: Finish) =>
      work.do(`Edges of ${object}`, (now) => ({ ...now, finish: { ...now.finish, [object]: finish } })),
    mergeWith: (other: string) => {
      const merge = { name: `${object} + ${other}`, objects: [object, other] };
      work.do(`${object} and ${other} merged`, (now) => ({ ...now, merges: [...now.merges, merge] }));
    },
    takeOut: () => work.do(`${object} taken out`, (now) => ({ ...now, deleted: [...now.deleted, object] })),
    segmentAgain: (first: number, last: number) =>
      work.do(`${first}–${last} again`, (now) =>
        withSpanAgain(now, object, first, last, {
          version: chosen?.number ?? 0,
          frames: [...(masks.get(object) ?? [])],
          prompted: promptedIn(bench.maker, object),
        }),
      ),
    moveKnots,
    addKnot: (shape: string, point: Point) => edit(`A knot of ${shape} more`, { do: "add_knot", shape, frame, point }),
    nudge: (dx: number, dy: number) => {
      if (selected && selection.selected) moveKnots(selected.shape, withMoved(selected.knots, selection.selected.knots, [dx, dy]));
    },
    /** Whether a shape is selected with all its knots, as by a click on its edge. */
    isWhole,
    removeKnots: () => {
      if (isWhole) return deleteShape();
      if (selected === undefined) return;
      const { shape, knots } = selected;
      const removals = left.filter((knot) => selection.selected?.knots.has(knot)).map((knot): Edit => {
        const [x, y] = knots[knot]!;
        return { do: "remove_knot", shape, frame, point: [x, y], knot };
      });
      if (removals.length > 0) edit(`${counted(removals.length, "knot")} of ${shape} less`, ...removals);
      selection.setSelected(null);
    },
    deleteShape,
    drawShape: (knots: Knot[]) => {
      const name = `drawn ${chosen?.number ?? 0}_${1 + work.now.edits.filter((one) => one.do === "add").length}`;
      edit(`${name} on ${frame}`, { do: "add", object, name, frame, knots });
    },
  };
}

export type Actions = ReturnType<typeof actionsOn>;
