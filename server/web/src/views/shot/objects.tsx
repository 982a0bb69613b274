import { useState } from "react";
import type { Objects as State } from "./use-objects";

interface Props {
  objects: State;
  canAdd: boolean;
  isOutlined: boolean;
  setIsOutlined: (isOutlined: boolean) => void;
}

/** The objects of the shot: which one is worked on, and which are seen. */
export function Objects({ objects, canAdd, isOutlined, setIsOutlined }: Props) {
  const { names, colours, active, hidden, choose, hide, tint } = objects;
  const toggle = (name: string) => hide(hidden.has(name) ? new Set([...hidden].filter((one) => one !== name)) : new Set([...hidden, name]));
  const alone = (name: string) => hide(new Set(names.filter((one) => one !== name)));
  return (
    <section aria-label="Objects" className="border-b border-line p-4">
      <div className="mb-2 flex items-center justify-between">
        <h2 className="text-quiet">Objects</h2>
        <label className="flex items-center gap-2 text-quiet">
          <input type="checkbox" checked={isOutlined} onChange={(event) => setIsOutlined(event.target.checked)} />
          Outlines
        </label>
      </div>
      <ul className="grid max-h-[30vh] grid-cols-1 gap-1 overflow-auto p-0.5">
        {names.map((name) => (
          <li key={name} className={`flex items-center gap-2 rounded px-2 py-1 ${name === active ? "bg-raised" : ""}`}>
            <input
              type="color"
              aria-label={`Colour of ${name}`}
              title="Colour on this screen"
              className="size-4 shrink-0 cursor-pointer rounded-sm border-0 bg-transparent p-0"
              value={colours.get(name)}
              onChange={(event) => tint(name, event.target.value)}
            />
            <button
              aria-pressed={name === active}
              title={name}
              className="min-w-0 flex-1 truncate text-left hover:underline"
              onClick={() => choose(name)}
            >
              {name}
            </button>
            <button className="text-quiet hover:text-text" aria-label={`Show ${name} alone`} title="Show it alone" onClick={() => alone(name)}>
              ◎
            </button>
            <input
              type="checkbox"
              aria-label={`Show ${name}`}
              title="Show it"
              checked={!hidden.has(name)}
              onChange={() => toggle(name)}
            />
          </li>
        ))}
      </ul>
      {canAdd && <NewObject names={names} onNew={choose} />}
    </section>
  );
}

function NewObject({ names, onNew }: { names: string[]; onNew: (name: string) => void }) {
  const [name, setName] = useState("");
  const wanted = name.trim();
  return (
    <form
      className="mt-2 flex gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onNew(wanted);
        setName("");
      }}
    >
      <input
        className="field py-1"
        aria-label="Name of a new object"
        placeholder="another object"
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <button className="button py-1" disabled={wanted === "" || names.includes(wanted)}>
        Add
      </button>
    </form>
  );
}
