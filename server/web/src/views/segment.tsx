import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, ask, Problem, type Job, type Shot } from "../api/client";
import { State } from "../parts/states";
import type { Point, Prompt } from "../player/pointing";

interface Props {
  shot: Shot;
  frame: number;
  prompts: Prompt[];
  onPoint: (point: Point, isNegative: boolean) => void;
  onClear: () => void;
}

/** Says what to segment, by points and boxes on the picture or in words, and has it followed through the shot. */
export function Segment({ shot, frame, prompts, onPoint, onClear }: Props) {
  const [object, setObject] = useState("object");
  const [words, setWords] = useState("");
  const [problem, setProblem] = useState("");
  const at = { params: { path: { shot_id: shot.id } } };
  const status = useQuery({
    queryKey: ["status", shot.id],
    queryFn: () => ask(api.GET("/api/v1/shots/{shot_id}/status", at)),
  });
  const track = async (event: FormEvent) => {
    event.preventDefault();
    try {
      setProblem("");
      const texts = words.trim() ? [{ text: words.trim(), object, frame, most: 1, confidence: 0 }] : [];
      const said = prompts.map((prompt) => ({ object, ...prompt }));
      await api.POST("/api/v1/shots/{shot_id}/segment", { ...at, body: { prompts: said, texts } as never });
      setWords("");
      onClear();
      await status.refetch();
    } catch (error) {
      setProblem(error instanceof Problem ? error.message : String(error));
    }
  };
  const points = prompts.reduce((sum, one) => sum + one.positive.length + one.negative.length, 0);
  const boxes = prompts.filter((one) => one.box).length;
  return (
    <form onSubmit={(event) => void track(event)} className="grid gap-4 overflow-auto p-4">
      <p className="text-quiet">Click what it is on the picture, shift-click what it is not, or drag a box around it.</p>
      <label className="grid gap-1">
        <span className="text-quiet">Name of the object</span>
        <input className="field" required maxLength={200} value={object} onChange={(event) => setObject(event.target.value)} />
      </label>
      <label className="grid gap-1">
        <span className="text-quiet">Or what it is, in words</span>
        <input className="field" value={words} onChange={(event) => setWords(event.target.value)} placeholder="person in red" />
      </label>
      <TypedPoint onPoint={onPoint} />
      <p className="flex items-center gap-3" role="status">
        {points} points, {boxes} boxes on {prompts.length} frames
        <button type="button" className="button" disabled={prompts.length === 0} onClick={onClear}>
          Clear
        </button>
      </p>
      {problem && (
        <p role="alert" className="text-bad">
          {problem}
        </p>
      )}
      <button className="button-main justify-center" disabled={prompts.length === 0 && words.trim() === ""}>
        Segment and track
      </button>
      <ul aria-label="Open jobs" className="grid gap-2">
        {status.data?.jobs.map((job) => <OpenJob key={job.id} job={job} />)}
      </ul>
    </form>
  );
}

/** A point by its pixel, for who has no mouse. */
function TypedPoint({ onPoint }: { onPoint: (point: Point, isNegative: boolean) => void }) {
  const [x, setX] = useState("");
  const [y, setY] = useState("");
  const isGiven = x !== "" && y !== "";
  return (
    <div className="flex items-end gap-2">
      <label className="grid gap-1">
        <span className="text-quiet">x</span>
        <input className="field" inputMode="decimal" value={x} onChange={(event) => setX(event.target.value)} />
      </label>
      <label className="grid gap-1">
        <span className="text-quiet">y</span>
        <input className="field" inputMode="decimal" value={y} onChange={(event) => setY(event.target.value)} />
      </label>
      <button type="button" className="button whitespace-nowrap" disabled={!isGiven} onClick={() => onPoint([Number(x), Number(y)], false)}>
        Add point
      </button>
    </div>
  );
}

function OpenJob({ job }: { job: Job }) {
  const stop = () => api.POST("/api/v1/jobs/{job_id}/cancel", { params: { path: { job_id: job.id } } });
  return (
    <li className="flex items-center gap-3">
      <span>{job.kind}</span>
      <State of={job.state} />
      <progress aria-label={job.kind} className="min-w-0 flex-1" max={job.total_frames || 1} value={job.done_frames} />
      <button type="button" className="button" onClick={() => void stop()}>
        Stop
      </button>
    </li>
  );
}
