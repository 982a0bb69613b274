import { type Comparison, COMPARISONS, type Look, LOOKS } from "./draw";
import { type Change, type Channel, CHANNELS, type Viewing } from "./viewing";

interface Props {
  viewing: Viewing;
  onChange: Change;
  canCompare: boolean;
  hasGround: boolean;
}

/** How the picture is looked at: over what, which channel, how bright, beside which version. */
export function ViewBar({ viewing, onChange, canCompare, hasGround }: Props) {
  const looks = (Object.keys(LOOKS) as Look[]).filter((look) => look !== "other" || hasGround);
  return (
    <div role="group" aria-label="View" className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-panel px-3 py-1.5">
      <Choice label="Look" value={viewing.look} of={looks} words={LOOKS} onChange={(look) => onChange({ look })} />
      <Slider label="Opacity" value={viewing.opacity} most={1} onChange={(opacity) => onChange({ opacity })} />
      <Choice
        label="Channel"
        value={viewing.channel}
        of={Object.keys(CHANNELS) as Channel[]}
        words={CHANNELS}
        onChange={(channel) => onChange({ channel })}
      />
      <Slider label="Gain" value={viewing.gain} most={8} onChange={(gain) => onChange({ gain })} />
      <Slider label="Gamma" value={viewing.gamma} least={0.2} most={4} onChange={(gamma) => onChange({ gamma })} />
      <button
        className="button px-2 py-1"
        aria-label="As it is"
        title="The picture as it is"
        onClick={() => onChange({ channel: "rgb", gain: 1, gamma: 1 })}
      >
        ↺
      </button>
      <Choice
        label="Comparison"
        value={viewing.comparison}
        of={["", ...(canCompare ? (Object.keys(COMPARISONS) as Comparison[]) : (["change"] as const))]}
        words={{ "": "This version", ...COMPARISONS }}
        onChange={(comparison) => onChange({ comparison })}
      />
    </div>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  of: T[];
  words: Record<T, string>;
  onChange: (value: T) => void;
}

function Choice<T extends string>({ label, value, of, words, onChange }: ChoiceProps<T>) {
  return (
    <select aria-label={label} className="field !w-auto py-1" value={value} onChange={(event) => onChange(event.target.value as T)}>
      {of.map((one) => (
        <option key={one} value={one}>
          {words[one]}
        </option>
      ))}
    </select>
  );
}

interface SliderProps {
  label: string;
  value: number;
  least?: number;
  most: number;
  onChange: (value: number) => void;
}

function Slider({ label, value, least = 0, most, onChange }: SliderProps) {
  return (
    <label className="flex items-center gap-2 text-quiet">
      {label}
      <input
        type="range"
        className="w-16"
        min={least}
        max={most}
        step={0.05}
        value={value}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <span className="hidden w-7 text-text 2xl:inline tabular-nums">{value.toFixed(2).replace(/0$/, "")}</span>
    </label>
  );
}
