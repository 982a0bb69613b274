import { api, type Person, type Shot } from "../../api/client";
import { usePeople } from "../../api/people";
import { useAct } from "../../parts/toasts";

/** Who works on a shot; supervisors choose it right here. */
export function Assignee({ shot, canAssign }: { shot: Shot; canAssign: boolean }) {
  const people = usePeople(shot.project_id);
  const act = useAct("shots", "shot", "status");
  if (!canAssign) return <span className="truncate px-1.25 text-quiet">{shot.assignee || "nobody"}</span>;
  return (
    <select
      aria-label={`Who works on ${shot.name}`}
      className={`w-full truncate rounded border border-transparent bg-transparent px-0 py-1 hover:border-line hover:bg-room [&>option]:bg-room [&>option]:text-text ${shot.assignee ? "" : "text-quiet"}`}
      value={shot.assignee_id ?? ""}
      onChange={(event) => void act(() => assign(shot, event.target.value))}
    >
      <option value="">nobody</option>
      {offered(people, shot).map((one) => (
        <option key={one.id} value={one.id}>
          {one.name}
        </option>
      ))}
    </select>
  );
}

/** Gives a shot to somebody; an empty id is nobody. */
export function assign(shot: Shot, person: string): Promise<Shot> {
  return api
    .PATCH("/api/v1/shots/{shot_id}", {
      params: { path: { shot_id: shot.id } },
      headers: { "If-Match": `"${shot.revision}"` },
      body: { assignee_id: person },
    })
    .then((answer) => answer.data as Shot);
}

/** Who can be given work: all but those who only look on, and whoever has it now. */
export function workersOf(people: Person[]): Person[] {
  return people.filter((one) => one.role !== "viewer");
}

function offered(people: Person[], shot: Shot): Person[] {
  const workers = workersOf(people);
  if (shot.assignee_id === null || workers.some((one) => one.id === shot.assignee_id)) return workers;
  return [...workers, { id: shot.assignee_id, name: shot.assignee, role: "" }];
}
