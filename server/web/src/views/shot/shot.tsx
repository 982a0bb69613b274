import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { api, ask, Problem, type Shot } from "../../api/client";
import { Loading, State, Wrong } from "../../parts/states";
import { Bench } from "./bench";

/** A shot: its plate, its versions, and what is done to them. */
export function ShotView() {
  const { shotId = "" } = useParams();
  const at = { params: { path: { shot_id: shotId } } };
  const shot = useQuery({ queryKey: ["shot", shotId], queryFn: () => ask(api.GET("/api/v1/shots/{shot_id}", at)) });
  const versions = useQuery({
    queryKey: ["versions", shotId],
    queryFn: () => ask(api.GET("/api/v1/shots/{shot_id}/versions", at)),
  });
  if (shot.isPending || versions.isPending) return <Loading what="the shot" />;
  // What is there stays while the hub does not answer: there may be work on it that was not sent.
  if (shot.data === undefined || isGone(shot.error)) return <Wrong error={shot.error} retry={() => void shot.refetch()} />;
  if (versions.data === undefined || isGone(versions.error))
    return <Wrong error={versions.error} retry={() => void versions.refetch()} />;
  const { first_frame, last_frame } = shot.data;
  if (first_frame === null || last_frame === null) return <NotReady shot={shot.data} />;
  return <Bench key={shotId} shot={shot.data} first={first_frame} last={last_frame} versions={versions.data} />;
}

function isGone(error: unknown): boolean {
  return error instanceof Problem && error.status === 404;
}

function NotReady({ shot }: { shot: Shot }) {
  return (
    <div className="p-8">
      <h1 className="text-lg font-semibold">{shot.name}</h1>
      <p className="mt-2">
        <State of={shot.state} /> <span className="text-quiet">{shot.fault || "A worker opens its plate first."}</span>
      </p>
    </div>
  );
}
