import type { ReactNode } from "react";

interface LineProps {
  name: string;
  label: string;
  defaultValue?: string;
  hint?: string;
  type?: string;
  autoComplete?: string;
}

/** A line of text in a form that begins with what it was before, and may be left empty. */
export function Line(props: LineProps) {
  const { label, hint, ...input } = props;
  return (
    <label className="grid gap-1">
      <span className="text-quiet">{label}</span>
      <input className="field" {...input} aria-describedby={hint ? `${props.name}-hint` : undefined} />
      {hint && (
        <span id={`${props.name}-hint`} className="text-quiet">
          {hint}
        </span>
      )}
    </label>
  );
}

/** Something that is so or not. It is "on" among a form's values where it is so. */
export function Tick({ name, label, isOn, hint }: { name: string; label: string; isOn?: boolean; hint?: string }) {
  return (
    <label className="grid grid-cols-[auto_1fr] items-baseline gap-x-2">
      <input type="checkbox" name={name} defaultChecked={isOn} className="accent-accent" />
      <span>{label}</span>
      {hint && <span className="col-start-2 text-quiet">{hint}</span>}
    </label>
  );
}

/** Ticks that belong together. */
export function Ticks({ label, children }: { label: string; children: ReactNode }) {
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 text-quiet">{label}</legend>
      {children}
    </fieldset>
  );
}

interface ChoiceProps {
  name: string;
  label: string;
  /** Words by values. */
  options: Record<string, string>;
  defaultValue?: string;
}

/** One of a few, in a form. */
export function Choice({ name, label, options, defaultValue }: ChoiceProps) {
  return (
    <label className="grid gap-1">
      <span className="text-quiet">{label}</span>
      <select name={name} className="field" defaultValue={defaultValue}>
        <Options of={options} />
      </select>
    </label>
  );
}

export function Options({ of: options }: { of: Record<string, string> }) {
  return Object.entries(options).map(([value, word]) => (
    <option key={value} value={value}>
      {word}
    </option>
  ));
}
