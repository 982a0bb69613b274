import type { Marks } from "../../player/timeline";
import type { Bench } from "./use-bench";
import { framesIn } from "./use-shot";

/** What is on the timeline: notes, prompts, frames where something was lost or is uncertain, and keys of the shapes that are looked at. */
export function marksOf(bench: Bench): Marks[] {
  const { notes, maker, work, shapes, selection, outlined } = bench;
  const ofVersion = notes.filter((note) => note.version_id === bench.view.chosen?.id);
  const { selected } = selection;
  const keyed = selected ? (shapes.keys[selected.shape] ?? []) : outlined.isOutlined ? Object.values(shapes.keys).flat() : [];
  const prompted = [...framesIn(maker, "prompted"), ...work.now.prompts.map((prompt) => prompt.frame)];
  return [
    { kind: "prompt", label: "prompted", frames: once(prompted) },
    { kind: "lost", label: "lost", frames: framesIn(maker, "needs_click") },
    { kind: "uncertain", label: "uncertain", frames: framesIn(maker, "uncertain") },
    { kind: "note", label: "with notes", frames: once(ofVersion.flatMap((note) => (note.frame === null ? [] : [note.frame]))) },
    { kind: "key", label: "with a key", frames: once(keyed) },
  ];
}

function once(frames: number[]): number[] {
  return [...new Set(frames)];
}
