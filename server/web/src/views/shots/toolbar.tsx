import { type ReactNode, type RefObject, useEffect, useState } from "react";
import { usePeople } from "../../api/people";
import { REVIEWS, type Review, type Sort, SORTS, STATES, type Wanted } from "./address";

const PAUSE_MS = 200;

interface Props {
  project: string;
  wanted: Wanted;
  onChange: (part: Partial<Wanted>) => void;
  searchBox: RefObject<HTMLInputElement | null>;
}

/** Which shots, in which order, and how they are shown. */
export function Toolbar({ project, wanted, onChange, searchBox }: Props) {
  const people = usePeople(project);
  return (
    <div role="group" aria-label="Which shots" className="flex flex-wrap items-center gap-2 px-4 pb-3 lg:px-6">
      <Search said={wanted.search} onSearch={(search) => onChange({ search })} box={searchBox} />
      <Choice label="State" any="any state" value={wanted.state} onChoose={(state) => onChange({ state })}>
        {STATES.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </Choice>
      <Choice
        label="Review"
        any="any review"
        value={wanted.review}
        onChoose={(review) => onChange({ review: review as Review })}
      >
        {REVIEWS.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </Choice>
      <Choice label="Assignee" any="any assignee" value={wanted.assignee} onChoose={(assignee) => onChange({ assignee })}>
        <option value="none">nobody</option>
        {people.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </Choice>
      <span className="ml-auto" />
      <Choice label="Order" width="!w-44" value={wanted.sort} onChoose={(sort) => onChange({ sort: sort as Sort })}>
        {SORTS.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </Choice>
      <div role="group" aria-label="Shown as" className="flex">
        {(["list", "grid"] as const).map((view) => (
          <button
            key={view}
            type="button"
            aria-pressed={wanted.view === view}
            className="border border-line px-3 py-1.5 capitalize first:rounded-l last:-ml-px last:rounded-r aria-pressed:bg-line aria-[pressed=false]:text-quiet"
            onClick={() => onChange({ view })}
          >
            {view}
          </button>
        ))}
      </div>
    </div>
  );
}

/** It asks the hub when one pauses, not at every letter. */
function Search({ said, onSearch, box }: { said: string; onSearch: (text: string) => void; box: Props["searchBox"] }) {
  const [text, setText] = useState(said);
  useEffect(() => setText(said), [said]);
  useEffect(() => {
    if (text === said) return undefined;
    const timer = setTimeout(() => onSearch(text), PAUSE_MS);
    return () => clearTimeout(timer);
  });
  return (
    <input
      ref={box}
      type="search"
      aria-label="Search shots"
      placeholder="Search  /"
      className="field !w-56"
      value={text}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
    />
  );
}

interface ChoiceProps {
  label: string;
  /** What is chosen where nothing is. */
  any?: string;
  width?: string;
  value: string;
  onChoose: (value: string) => void;
  children: ReactNode;
}

function Choice({ label, any, width = "!w-36", value, onChoose, children }: ChoiceProps) {
  return (
    <select
      aria-label={label}
      className={`field ${width} ${any !== undefined && value !== "" ? "border-accent" : ""}`}
      value={value}
      onChange={(event) => onChoose(event.target.value)}
    >
      {any !== undefined && <option value="">{any}</option>}
      {children}
    </select>
  );
}
