import { useState } from "react";

interface Props {
  label: string;
  value: number;
  least: number;
  most: number;
  step: number;
  onChange: (value: number) => void;
}

/** A number by a slider; the value is set when it is let go, so that a drag is one step. */
export function Amount({ label, value, least, most, step, onChange }: Props) {
  const [shown, setShown] = useState<number | null>(null);
  const settle = () => {
    if (shown !== null && shown !== value) onChange(shown);
    setShown(null);
  };
  return (
    <label className="flex items-center gap-2 text-quiet">
      <span className="w-28 shrink-0">{label}</span>
      <input
        type="range"
        className="min-w-0 flex-1"
        min={least}
        max={most}
        step={step}
        value={shown ?? value}
        onChange={(event) => setShown(Number(event.target.value))}
        onPointerUp={settle}
        onKeyUp={settle}
        onBlur={settle}
      />
      <span className="w-12 text-right text-text tabular-nums">{shown ?? value}</span>
    </label>
  );
}
