import type { components } from "../api/schema";
import { counted } from "../parts/counted";
import type { Point } from "../player/pointing";

type Schemas = components["schemas"];

/** What is said of an object on a frame, in plate pixels. */
export interface Prompt {
  object: string;
  frame: number;
  positive: Point[];
  negative: Point[];
  box?: [number, number, number, number];
  /** A mask that was painted, by the hub's name of it. */
  painted?: string;
  /** A version whose mask is held here, or corrected by the points. */
  version?: number;
}

export type Finish = Required<Schemas["FinishIn"]>;
export type Edit = Exclude<Schemas["ReshapeIn"]["edits"][number], Schemas["KnotChangeIn"]> | KnotChange;

/** A knot more or less; `knot` is the number of the one that goes, among those that the version has. */
type KnotChange = Schemas["KnotChangeIn"] & { knot?: number };

export type Knot = [number, number, number, number, number, number];

/** What somebody means to do to a shot, and did not send yet. */
export interface Work {
  prompts: Prompt[];
  finish: Record<string, Finish>;
  merges: { name: string; objects: string[] }[];
  deleted: string[];
  edits: Edit[];
  /** The number of the version whose shapes are edited; null while none are. */
  edited: number | null;
}

export const NO_WORK: Work = { prompts: [], finish: {}, merges: [], deleted: [], edits: [], edited: null };

export const NO_FINISH: Finish = { steady_frames: 0, fill_holes_px2: 0, drop_specks_px2: 0, grow_px: 0, feather_px: 0 };

export function promptOn(work: Work, object: string, frame: number): Prompt | undefined {
  return work.prompts.find((one) => one.object === object && one.frame === frame);
}

/** The work with what is said of an object on a frame changed; `held` is the version whose mask stands there, if any. */
export function withPrompt(work: Work, object: string, frame: number, more: Partial<Prompt>, held?: number): Work {
  const there = promptOn(work, object, frame) ?? { object, frame, positive: [], negative: [], ...(held ? { version: held } : {}) };
  const changed: Prompt = {
    ...there,
    ...more,
    positive: [...there.positive, ...(more.positive ?? [])],
    negative: [...there.negative, ...(more.negative ?? [])],
  };
  return { ...work, prompts: ordered([...without(work.prompts, object, frame), changed]) };
}

export function withoutPrompt(work: Work, object: string, frame: number): Work {
  return { ...work, prompts: without(work.prompts, object, frame) };
}

/** The work with a painted mask in place of all that was said of the object on the frame. */
export function withPainted(work: Work, object: string, frame: number, painted: string): Work {
  const prompt = { object, frame, positive: [], negative: [], painted };
  return { ...work, prompts: ordered([...without(work.prompts, object, frame), prompt]) };
}

/** What a version has of an object: frames with a mask, and those of them where the object was prompted. */
export interface Had {
  version: number;
  frames: number[];
  prompted: number[];
}

/** The work with frames segmented again: the masks on both sides of them are held, what was said between is taken back, and
 * what lies there is tracked anew from the sides. */
export function withSpanAgain(work: Work, object: string, first: number, last: number, { version, frames, prompted }: Had): Work {
  const sides = [first - 1, last + 1].filter((frame) => frames.includes(frame));
  if (sides.length === 0) return work;
  const said = prompted.filter((frame) => frame >= first && frame <= last);
  const more = [...sides.map((frame) => ({ frame, held: { version } })), ...said.map((frame) => ({ frame, held: {} }))];
  return more.reduce((so, { frame, held }) => (promptOn(so, object, frame) ? so : withPrompt(so, object, frame, held)), work);
}

/** The work with an edit of a version's shapes; a shape that is moved twice on a frame is where it was moved to last. */
export function withEdit(work: Work, edit: Edit, edited: number): Work {
  const others = work.edits.filter((one) => !(isMove(one) && isMove(edit) && one.shape === edit.shape && one.frame === edit.frame));
  return { ...work, edits: [...others, edit], edited };
}

export function isMove(edit: Edit): edit is Schemas["MoveIn"] {
  return edit.do === "move";
}

function isKnotChange(edit: Edit): edit is KnotChange {
  return edit.do === "add_knot" || edit.do === "remove_knot";
}

/** The knots that go from a shape, by their numbers. */
export function removedKnots({ edits }: Work, shape: string): Set<number> {
  const removed = edits.filter(isKnotChange).filter((edit) => edit.shape === shape);
  return new Set(removed.flatMap(({ knot }) => (knot === undefined ? [] : [knot])));
}

/** Whether there is anything to be tracked or done to masks. */
export function asksForMasks({ prompts, finish, merges, deleted }: Work): boolean {
  return prompts.length + Object.keys(finish).length + merges.length + deleted.length > 0;
}

export type Part = "masks" | "shapes";

/** What of the work is sent at once. */
export function partOf(work: Work, part: Part): Work {
  const { edits, edited } = work;
  return part === "shapes" ? { ...NO_WORK, edits, edited } : { ...work, edits: [], edited: null };
}

/** The work with what was sent in vain; what was said since is said later, and edits of another version stay alone. */
export function withSent(work: Work, sent: Work): Work {
  const isOther = work.edited !== null && work.edited !== sent.edited;
  return {
    prompts: ordered([...sent.prompts.filter(({ object, frame }) => !promptOn(work, object, frame)), ...work.prompts]),
    finish: { ...sent.finish, ...work.finish },
    merges: [...sent.merges, ...work.merges],
    deleted: [...sent.deleted, ...work.deleted],
    edits: isOther ? work.edits : [...sent.edits, ...work.edits],
    edited: work.edited ?? sent.edited,
  };
}

/** The body of a segmentation's request. */
export function segmentation(work: Work): Schemas["SegmentIn"] {
  return {
    prompts: work.prompts,
    finish: work.finish,
    combine: work.merges.map(({ name, objects }) => ({ name, objects, operation: "union" as const, keep: false })),
    delete: work.deleted,
  };
}

/** The body of a reshape's request. A move has all knots that the version has, so it goes before knots more or less; those go
 * before their shape does. */
export function reshaping({ edits }: Work): Schemas["ReshapeIn"] {
  const others = edits.filter((edit) => !isMove(edit) && !isKnotChange(edit));
  return { edits: [...edits.filter(isMove), ...edits.filter(isKnotChange).map((change) => sentChange(change, edits)), ...others] };
}

/** A knot goes where it is after all moves. */
function sentChange({ knot, ...change }: KnotChange, edits: Edit[]): Schemas["KnotChangeIn"] {
  const move = edits.filter(isMove).find(({ shape, frame }) => shape === change.shape && frame === change.frame);
  const moved = knot === undefined ? undefined : move?.knots[knot];
  return moved ? { ...change, point: [moved[0], moved[1]] } : change;
}

/** How many points, boxes and masks there are, in words. */
export function summary({ prompts }: Work): string {
  if (prompts.length === 0) return "Nothing is said yet.";
  const counts: [number, string, string?][] = [
    [prompts.reduce((sum, one) => sum + one.positive.length + one.negative.length, 0), "point"],
    [prompts.filter((one) => one.box).length, "box", "boxes"],
    [prompts.filter((one) => one.painted).length, "painted mask"],
  ];
  const said = counts.filter(([count]) => count > 0).map((one) => counted(...one));
  return `${said.join(", ") || "masks held"} on ${counted(new Set(prompts.map((one) => one.frame)).size, "frame")}`;
}

function without(prompts: Prompt[], object: string, frame: number): Prompt[] {
  return prompts.filter((one) => one.object !== object || one.frame !== frame);
}

function ordered(prompts: Prompt[]): Prompt[] {
  return prompts.sort((one, other) => one.frame - other.frame);
}
