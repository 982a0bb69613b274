import { timecode, typedFrame } from "./timecode";
import type { Pace, SetPace } from "./use-playing";

interface Props {
  frame: number;
  fps: number;
  pace: Pace;
  setPace: SetPace;
  onFrame: (frame: number) => void;
  onStep: (steps: number) => void;
  onMarked: (direction: 1 | -1) => void;
  /** A frame was typed to its end. */
  onTyped: () => void;
}

/** Plays, steps, and goes to a frame by its number or timecode. */
export function Transport({ frame, fps, pace, setPace, onFrame, onStep, onMarked, onTyped }: Props) {
  const { speed, loops } = pace;
  const typing = { fps, onFrame, onTyped };
  return (
    <div className="flex flex-wrap items-center gap-2 px-3 pb-3">
      <button className="button w-18 justify-center" onClick={() => setPace((now) => ({ ...now, speed: now.speed === 0 ? 1 : 0 }))}>
        {speed === 0 ? "Play" : "Stop"}
      </button>
      <Step label="Marked frame before" sign="⇤" onClick={() => onMarked(-1)} />
      <Step label="Frame before" sign="‹" onClick={() => onStep(-1)} />
      <Step label="Next frame" sign="›" onClick={() => onStep(1)} />
      <Step label="Next marked frame" sign="⇥" onClick={() => onMarked(1)} />
      <Entry key={`frame ${frame}`} label="Frame" width="!w-20" said={String(frame)} {...typing} />
      <Entry key={`time ${frame}`} label="Timecode" width="!w-32" said={timecode(frame, fps)} {...typing} />
      <label className="ml-2 flex items-center gap-2 text-quiet">
        <input type="checkbox" checked={loops} onChange={(event) => setPace((now) => ({ ...now, loops: event.target.checked }))} />
        Loop
      </label>
      <span className="ml-auto text-quiet tabular-nums">
        {fps} fps{speed !== 0 && speed !== 1 ? ` × ${speed}` : ""}
      </span>
    </div>
  );
}

function Step({ label, sign, onClick }: { label: string; sign: string; onClick: () => void }) {
  return (
    <button className="button px-2.5" aria-label={label} title={label} onClick={onClick}>
      <span aria-hidden>{sign}</span>
    </button>
  );
}

interface EntryProps {
  label: string;
  width: string;
  said: string;
  fps: number;
  onFrame: (frame: number) => void;
  onTyped: () => void;
}

function Entry({ label, width, said, fps, onFrame, onTyped }: EntryProps) {
  const commit = (text: string) => {
    const frame = typedFrame(text, fps);
    if (frame !== null && text !== said) onFrame(frame);
  };
  return (
    <input
      aria-label={label}
      className={`field tabular-nums ${width}`}
      defaultValue={said}
      onBlur={(event) => commit(event.target.value)}
      onKeyDown={(event) => event.key === "Enter" && onTyped()}
    />
  );
}
