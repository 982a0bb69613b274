import { Link } from "react-router";
import type { Shot, Version } from "../../api/client";
import { State } from "../../parts/states";
import { GroundChoice } from "./ground";
import type { View } from "./use-view";

interface Props {
  shot: Shot;
  versions: Version[];
  view: View;
}

/** Which version of the shot is looked at, beside which other one, and over which other plate. */
export function ShotBar({ shot, versions, view }: Props) {
  const { chosen, other, newer, ground, change } = view;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-2 lg:flex-nowrap">
      <Link to={`/projects/${shot.project_id}`} className="whitespace-nowrap text-quiet hover:text-text">
        ← Shots
      </Link>
      <h1 className="min-w-0 truncate font-semibold" title={shot.name}>
        {shot.name}
      </h1>
      {chosen && <State of={chosen.status} />}
      {newer && (
        <p role="status" className="flex gap-2 whitespace-nowrap">
          Version {newer.number} is there.
          <button className="text-accent hover:underline" onClick={() => change("version", newer.number)}>
            Look at it
          </button>
        </p>
      )}
      <GroundChoice shot={shot} ground={ground} choose={(id) => change("ground", id)} />
      {versions.length > 1 && (
        <select
          aria-label="Compare with"
          className="field !w-36 min-w-0 lg:!w-44"
          value={other?.number ?? ""}
          onChange={(event) => change("compare", event.target.value)}
        >
          <option value="">compare with …</option>
          {versions
            .filter((one) => one.id !== chosen?.id)
            .map((one) => (
              <option key={one.id} value={one.number}>
                with version {one.number}
              </option>
            ))}
        </select>
      )}
      {versions.length > 0 && (
        <select
          aria-label="Version"
          className="field !w-28 min-w-0 lg:!w-36"
          value={chosen?.number}
          onChange={(event) => change("version", event.target.value)}
        >
          {versions.map((one) => (
            <option key={one.id} value={one.number}>
              Version {one.number}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
