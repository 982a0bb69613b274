import { useState } from "react";
import type { Note } from "../../api/client";
import type { Stroke } from "../../player/layers/note-layer";

/** What one is about to say, and did not send yet. */
interface Draft {
  text: string;
  /** What it answers. */
  answered: Note | null;
  /** Lines, and the frame that they are drawn on. */
  drawing: { frame: number; strokes: Stroke[] } | null;
}

/** What a key brings one to: the field that the note is written in, or the judgement. */
export type Sought = "note" | "judgement";

const NO_DRAFT: Draft = { text: "", answered: null, drawing: null };

/** A note that is being written: it stays whichever panel or frame one looks at. */
export function useDraft() {
  const [draft, setDraft] = useState(NO_DRAFT);
  const [isDrawing, setIsDrawing] = useState(false);
  const [sought, setSought] = useState<Sought | null>(null);
  const change = (more: Partial<Draft>) => setDraft((now) => ({ ...now, ...more }));
  const strokes = draft.drawing?.strokes ?? [];
  return {
    ...draft,
    change,
    isBegun: draft.text.trim() !== "" || draft.drawing !== null,
    isDrawing,
    setIsDrawing,
    /** What gets the focus as soon as it is there and can be used. */
    sought,
    setSought,
    /** A note has lines on one frame only. */
    canDrawOn: (frame: number) => isDrawing && (draft.drawing === null || draft.drawing.frame === frame),
    strokesOn: (frame: number) => (draft.drawing?.frame === frame ? strokes : []),
    draw: (frame: number, stroke: Stroke) => change({ drawing: { frame, strokes: [...strokes, stroke] } }),
    takeLineBack: () => change({ drawing: draft.drawing && strokes.length > 1 ? { ...draft.drawing, strokes: strokes.slice(0, -1) } : null }),
    clear: () => {
      setDraft(NO_DRAFT);
      setIsDrawing(false);
    },
  };
}
