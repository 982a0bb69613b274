export interface TrackOptions {
  direction: "both" | "forward" | "backward";
  preset: "tight" | "balanced" | "loose";
}

export const USUAL: TrackOptions = { direction: "both", preset: "balanced" };

const DIRECTIONS = { both: "both ways", forward: "forward only", backward: "backward only" };
const PRESETS = { balanced: "balanced", tight: "tight: more knots and keys", loose: "loose: fewer" };

interface Props {
  options: TrackOptions;
  onChange: (change: Partial<TrackOptions>) => void;
}

/** How objects are followed, and what becomes of their masks. */
export function TrackSettings({ options, onChange }: Props) {
  return (
    <details className="grid gap-3">
      <summary className="cursor-pointer text-quiet hover:text-text">How</summary>
      <div className="mt-2 grid grid-cols-[5rem_1fr] items-center gap-2">
        <Choice
          label="Follow"
          value={options.direction}
          of={DIRECTIONS}
          onChange={(direction) => onChange({ direction: direction as TrackOptions["direction"] })}
        />
        <Choice
          label="Curves"
          value={options.preset}
          of={PRESETS}
          onChange={(preset) => onChange({ preset: preset as TrackOptions["preset"] })}
        />
      </div>
    </details>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  of: Record<string, string>;
  onChange: (value: string) => void;
}

function Choice({ label, value, of, onChange }: ChoiceProps) {
  return (
    <>
      <span className="text-quiet" aria-hidden>
        {label}
      </span>
      <select aria-label={label} className="field" value={value} onChange={(event) => onChange(event.target.value)}>
        {Object.entries(of).map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
    </>
  );
}
