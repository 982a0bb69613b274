import { type FormEvent, type ReactNode, useState } from "react";
import { Options } from "./inputs";

interface Props {
  /** What is chosen, as "Somebody for Roto". */
  label: string;
  /** Words by values. */
  options: Record<string, string>;
  action: string;
  onAdd: (chosen: string) => Promise<unknown>;
  /** What else is chosen with it, such as a role. */
  children?: ReactNode;
}

/** A list to choose from and a button that takes the choice in. */
export function AddFrom({ label, options, action, onAdd, children }: Props) {
  const [chosen, setChosen] = useState("");
  const isChosen = chosen in options;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void onAdd(chosen).then(() => setChosen(""));
  };
  return (
    <form onSubmit={submit} className="flex flex-wrap gap-2">
      <select
        aria-label={label}
        className="field min-w-32 flex-1"
        value={isChosen ? chosen : ""}
        onChange={(event) => setChosen(event.target.value)}
      >
        <option value="">{Object.keys(options).length === 0 ? "None is left" : "Choose …"}</option>
        <Options of={options} />
      </select>
      {children}
      <button className="button whitespace-nowrap" disabled={!isChosen}>
        {action}
      </button>
    </form>
  );
}
