import type { Range } from "./clock";

export type MarkKind = "note" | "prompt" | "lost" | "uncertain" | "key";

/** Something on frames: what people said, where objects were prompted, where one was lost or is uncertain, where a shape has a key. */
export interface Marks {
  kind: MarkKind;
  label: string;
  frames: number[];
}

const TONES: Record<MarkKind, string> = { note: "bg-wait", prompt: "bg-accent", lost: "bg-bad", uncertain: "bg-bad", key: "bg-text" };

/** They are told from one another without their colours, too. */
const FORMS: Record<MarkKind, string> = {
  note: "size-2 rounded-full",
  prompt: "h-2.5 w-1",
  lost: "h-4 w-1",
  uncertain: "h-1.5 w-0.5",
  key: "h-1 w-1",
};

/** Its name; the player's keys work on it too. */
export const TIMELINE = "Timeline";

interface Props {
  range: Range;
  frame: number;
  marks: Marks[];
  /** Frames that are meant, by their in and out points. */
  span: Range | null;
  /** How much of the shot a job has done, 0 to 1; null where none runs. */
  done: number | null;
  onFrame: (frame: number) => void;
}

/** The shot from its first frame to its last: where one is, what is where, and how far a job has come. */
export function Timeline({ range, frame, marks, span, done, onFrame }: Props) {
  const length = Math.max(range.last - range.first, 1);
  const place = (number: number) => `${(100 * (number - range.first)) / length}%`;
  return (
    <div className="px-3 pt-2">
      <div className="relative mx-2 h-4" aria-hidden>
        {span && (
          <span
            className="absolute inset-y-0 rounded-sm bg-accent/25"
            style={{ left: place(span.first), width: `${(100 * Math.max(span.last - span.first, 0.4)) / length}%` }}
          />
        )}
        {marks.flatMap(({ kind, frames }) =>
          frames.map((mark) => (
            <span
              key={`${kind}${mark}`}
              className={`absolute -translate-x-1/2 ${kind === "key" ? "bottom-0" : "top-0"} ${FORMS[kind]} ${TONES[kind]}`}
              style={{ left: place(mark) }}
            />
          )),
        )}
      </div>
      <div className="mx-2 h-1 overflow-hidden rounded bg-raised">
        {done !== null && (
          <div
            role="progressbar"
            aria-label="Tracking"
            aria-valuenow={Math.round(100 * done)}
            className="h-full bg-accent transition-[width]"
            style={{ width: `${100 * done}%` }}
          />
        )}
      </div>
      <input
        type="range"
        aria-label={TIMELINE}
        aria-valuetext={`frame ${frame}`}
        className="w-full"
        min={range.first}
        max={range.last}
        value={frame}
        onChange={(event) => onFrame(Number(event.target.value))}
      />
      <div className="flex justify-between text-quiet tabular-nums">
        <span>{range.first}</span>
        <span className="flex gap-4">
          {marks
            .filter(({ frames }) => frames.length > 0)
            .map(({ kind, label, frames }) => (
              <span key={kind} className="flex items-center gap-1.5">
                <span className={`inline-block ${FORMS[kind]} ${TONES[kind]}`} aria-hidden />
                {frames.length} {label}
              </span>
            ))}
        </span>
        <span>{range.last}</span>
      </div>
    </div>
  );
}
