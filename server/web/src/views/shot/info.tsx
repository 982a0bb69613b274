import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { api, ask, type Shot, type Version } from "../../api/client";
import { useIs } from "../../api/people";
import { Question } from "../../parts/dialog";
import { State } from "../../parts/states";
import { ago, duration, fullMoment } from "../../parts/times";
import { useAct } from "../../parts/toasts";
import { Assignee } from "../shots/assignee";

interface Props {
  shot: Shot;
  versions: Version[];
  onVersion: (number: number) => void;
}

/** What a shot is: its plate, who works on it, its versions, and how it fared. */
export function Info({ shot, versions, onVersion }: Props) {
  const canManage = useIs("supervisor", shot.project_id);
  const navigate = useNavigate();
  const act = useAct("shots", "versions", "projects");
  const throwAway = async () => {
    const at = { params: { path: { shot_id: shot.id } }, headers: { "If-Match": `"${shot.revision}"` } };
    if (await act(() => api.DELETE("/api/v1/shots/{shot_id}", at), `${shot.name} is in the trash.`))
      await navigate(`/projects/${shot.project_id}`);
  };
  return (
    <div className="grid gap-6 p-4">
      <dl className="grid grid-cols-[8rem_1fr] items-baseline gap-y-1">
        <Fact name="Frames">{`${shot.first_frame}–${shot.last_frame} (${(shot.last_frame ?? 0) - (shot.first_frame ?? 0) + 1})`}</Fact>
        <Fact name="Size">{`${shot.width} × ${shot.height} px`}</Fact>
        <Fact name="Rate">{`${shot.fps} fps`}</Fact>
        <Fact name="Since">
          <time dateTime={shot.created_at} title={fullMoment(shot.created_at)}>
            {ago(shot.created_at)}
          </time>
        </Fact>
        <Fact name="Who">
          <div className="-ml-1.25">
            <Assignee shot={shot} canAssign={canManage} />
          </div>
        </Fact>
      </dl>
      <section aria-label="Versions">
        <h2 className="mb-2 text-quiet">Versions</h2>
        <ul className="grid gap-1">
          {versions.map((version) => (
            <li key={version.id} className="flex items-center gap-3 rounded px-2 py-1 hover:bg-raised">
              <button className="flex-1 text-left hover:underline" onClick={() => onVersion(version.number)}>
                Version {version.number}
              </button>
              <State of={version.status} />
              <span className="text-quiet">{ago(version.created_at)}</span>
              {canManage && version.status !== "approved" && <ThrowAway version={version} />}
            </li>
          ))}
          {versions.length === 0 && <li className="text-quiet">None yet.</li>}
        </ul>
      </section>
      <Numbers shot={shot} />
      {canManage && (
        <Question
          title={`Delete ${shot.name}?`}
          about="For 30 days it can be restored from the project’s audit log. A plate on shared storage stays where it is."
          action="Delete it"
          trigger={<button className="button justify-self-start">Delete the shot …</button>}
          onYes={() => void throwAway()}
        />
      )}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt className="text-quiet">{name}</dt>
      <dd className="tabular-nums">{children}</dd>
    </>
  );
}

function ThrowAway({ version }: { version: Version }) {
  const act = useAct("versions", "history");
  const at = { params: { path: { version_id: version.id } } };
  return (
    <Question
      title={`Delete version ${version.number}?`}
      about="For 30 days it can be restored from the project’s audit log; what was said of it stays."
      action="Delete it"
      trigger={
        <button className="text-quiet hover:text-text" aria-label={`Delete version ${version.number}`}>
          ✕
        </button>
      }
      onYes={() => void act(() => api.DELETE("/api/v1/versions/{version_id}", at))}
    />
  );
}

function Numbers({ shot }: { shot: Shot }) {
  const at = { params: { path: { shot_id: shot.id } } };
  const found = useQuery({
    queryKey: ["jobs", shot.id, "numbers"],
    queryFn: () => ask(api.GET("/api/v1/shots/{shot_id}/statistics", at)),
  }).data;
  const said = (value: number | null | undefined, say: (value: number) => string) => (value == null ? "–" : say(value));
  return (
    <section aria-label="Numbers">
      <h2 className="mb-2 text-quiet">The last 30 days</h2>
      <dl className="grid grid-cols-[8rem_1fr] gap-y-1">
        <Fact name="Waited">{said(found?.wait_s, duration)}</Fact>
        <Fact name="Ran">{said(found?.run_s, duration)}</Fact>
        <Fact name="Tracked">{said(found?.frames_a_second, (speed) => `${speed.toFixed(1)} frames a second`)}</Fact>
        <Fact name="Retakes">{String(found?.retakes ?? "–")}</Fact>
        <Fact name="Notes">{String(found?.notes ?? "–")}</Fact>
      </dl>
    </section>
  );
}
