import { useQuery } from "@tanstack/react-query";
import { Tabs } from "radix-ui";
import { useCallback, useMemo, useState } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { api, ask, type Shot, type Version } from "../api/client";
import { Loading, State, Wrong } from "../parts/states";
import { within } from "../player/clock";
import { type Footage, Player } from "../player/player";
import { type Point, type Prompt, withPrompt } from "../player/pointing";
import { PromptLayer } from "../player/prompt-layer";
import { Export } from "./export";
import { Review } from "./review";
import { Segment } from "./segment";

const TABS = [
  ["segment", "Segment"],
  ["review", "Review"],
  ["export", "Export"],
] as const;

/** A shot: its versions in the player, and what is said of them. The frame and the version are in the address. */
export function ShotView() {
  const { shotId = "" } = useParams();
  const at = { params: { path: { shot_id: shotId } } };
  const shot = useQuery({ queryKey: ["shot", shotId], queryFn: () => ask(api.GET("/api/v1/shots/{shot_id}", at)) });
  const versions = useQuery({
    queryKey: ["versions", shotId],
    queryFn: () => ask(api.GET("/api/v1/shots/{shot_id}/versions", at)),
  });
  if (shot.isPending || versions.isPending) return <Loading what="the shot" />;
  if (shot.isError) return <Wrong error={shot.error} retry={() => void shot.refetch()} />;
  if (versions.isError) return <Wrong error={versions.error} retry={() => void versions.refetch()} />;
  if (shot.data.first_frame === null || shot.data.last_frame === null) return <NotReady shot={shot.data} />;
  return <Ready shot={shot.data} first={shot.data.first_frame} last={shot.data.last_frame} versions={versions.data} />;
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

function Ready(props: { shot: Shot; first: number; last: number; versions: Version[] }) {
  const { shot, first, last, versions } = props;
  const [address, setAddress] = useSearchParams();
  const range = useMemo(() => ({ first, last }), [first, last]);
  const chosen = versions.find((one) => String(one.number) === address.get("version")) ?? versions[0];
  const other = versions.find((one) => String(one.number) === address.get("compare") && one.id !== chosen?.id);
  const frame = within(Number(address.get("frame") ?? first), range);
  const change = useCallback(
    (name: string, value: number) =>
      setAddress(
        (now) => {
          now.set(name, String(value));
          return now;
        },
        { replace: true },
      ),
    [setAddress],
  );
  const onFrame = useCallback((to: number) => change("frame", to), [change]);
  const [tab, setTab] = useState(versions.length > 0 ? "review" : "segment");
  const [prompts, setPrompts] = useState<Prompt[]>([]);
  const plate = { width: shot.width ?? 1, height: shot.height ?? 1 };
  const addBox = (box: NonNullable<Prompt["box"]>) => setPrompts((all) => withPrompt(all, frame, { box }));
  const addPoint = (point: Point, isNegative: boolean) =>
    setPrompts((all) => withPrompt(all, frame, isNegative ? { negative: [point] } : { positive: [point] }));
  const masks = useQuery({
    queryKey: ["masks", chosen?.id],
    enabled: chosen !== undefined,
    queryFn: () => {
      const params = { path: { shot_id: shot.id }, query: { version: chosen?.number } };
      return ask(api.GET("/api/v1/shots/{shot_id}/masks", { params }));
    },
  });
  const footage = useMemo<Footage>(() => {
    const there = new Map(Object.entries(masks.data?.frames ?? {}).map(([name, frames]) => [name, new Set(frames)]));
    const names = [...there.keys()].sort();
    return {
      range,
      fps: shot.fps ?? 24,
      plate: (number) => `/api/v1/shots/${shot.id}/frames/${number}`,
      masks: (number) =>
        names
          .filter((name) => there.get(name)?.has(number))
          .map((name) => `/api/v1/shots/${shot.id}/masks/${encodeURIComponent(name)}/${number}?version=${chosen?.number}`),
      compared:
        chosen && other
          ? (number, how, at) => `/api/v1/versions/${chosen.id}/pictures/${number}?look=${how}&other=${other.id}&at=${at}`
          : undefined,
    };
  }, [range, shot.fps, shot.id, masks.data, chosen, other]);
  const history = useQuery({
    queryKey: ["history", shot.id],
    queryFn: () => ask(api.GET("/api/v1/shots/{shot_id}/history", { params: { path: { shot_id: shot.id } } })),
  });
  const notes = history.data ?? [];
  const marks = notes.filter((note) => note.version_id === chosen?.id && note.frame !== null).map((note) => note.frame!);
  return (
    <div className="flex h-full flex-col">
      <div className="flex items-center gap-4 border-b border-line px-4 py-2">
        <Link to={`/projects/${shot.project_id}`} className="text-quiet hover:text-text">
          ← Shots
        </Link>
        <h1 className="font-semibold">{shot.name}</h1>
        {chosen && <State of={chosen.status} />}
        {versions.length > 0 && (
          <select
            aria-label="Version"
            className="field ml-auto !w-40"
            value={chosen?.number}
            onChange={(event) => change("version", Number(event.target.value))}
          >
            {versions.map((one) => (
              <option key={one.id} value={one.number}>
                Version {one.number}
              </option>
            ))}
          </select>
        )}
        {versions.length > 1 && (
          <select
            aria-label="Compare with"
            className="field !w-44"
            value={other?.number ?? ""}
            onChange={(event) => change("compare", Number(event.target.value))}
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
      </div>
      <div className="flex min-h-0 flex-1">
        <Player footage={footage} frame={frame} onFrame={onFrame} marks={marks}>
          {tab === "segment" && (
            <PromptLayer plate={plate} prompt={prompts.find((one) => one.frame === frame)} onPoint={addPoint} onBox={addBox} />
          )}
        </Player>
        <Tabs.Root value={tab} onValueChange={setTab} className="flex w-88 flex-col border-l border-line bg-panel">
          <Tabs.List aria-label="What to do" className="flex border-b border-line">
            {TABS.map(([name, label]) => (
              <Tabs.Trigger
                key={name}
                value={name}
                className="flex-1 px-3 py-2 text-quiet hover:text-text data-[state=active]:border-b-2 data-[state=active]:border-accent data-[state=active]:text-text"
              >
                {label}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          <Tabs.Content value="review" className="flex min-h-0 flex-1 flex-col">
            <Review version={chosen} notes={notes} versions={versions} frame={frame} onFrame={onFrame} />
          </Tabs.Content>
          <Tabs.Content value="segment" className="min-h-0 flex-1 overflow-auto">
            <Segment shot={shot} frame={frame} prompts={prompts} onPoint={addPoint} onClear={() => setPrompts([])} />
          </Tabs.Content>
          <Tabs.Content value="export" className="min-h-0 flex-1 overflow-auto">
            <Export shot={shot} />
          </Tabs.Content>
        </Tabs.Root>
      </div>
    </div>
  );
}
