import { api, ask, type Job } from "../../api/client";
import { useActOnce } from "../../parts/toasts";
import type { Brush } from "../../work/painting";
import { asksForMasks, type Finish, NO_FINISH, type Part, reshaping, segmentation } from "../../work/work";
import type { Actions } from "./actions";
import { Amount } from "./amount";
import { Knots } from "./knots";
import { OpenJobs } from "./segment";
import { ShapesFirst } from "./shapes-first";
import { TOOLS } from "./tools";
import type { Bench } from "./use-bench";

const EDGES: [keyof Finish, string, number, number, number][] = [
  ["grow_px", "Grow, px", -20, 20, 0.5],
  ["feather_px", "Feather, px", 0, 50, 0.5],
  ["steady_frames", "Steady, frames", 0, 3, 1],
  ["fill_holes_px2", "Holes, px²", 0, 10_000, 50],
  ["drop_specks_px2", "Specks, px²", 0, 10_000, 50],
];

/** Masks and shapes made better by hand: painted, softened, merged, their knots moved. */
export function Refine({ bench, actions }: { bench: Bench; actions: Actions }) {
  const { tools, maker } = bench;
  const { tool, setTool } = tools;
  const { span } = bench.span;
  const object = bench.objects.active;
  if (!bench.view.chosen) return <p className="p-4 text-quiet">There is nothing to refine yet. Segment the shot first.</p>;
  const finished = (maker?.result?.finish ?? {}) as Record<string, Finish>;
  return (
    <div className="grid gap-5 p-4">
      <div role="radiogroup" aria-label="Tool" className="flex flex-wrap gap-1">
        {TOOLS.map(([name, label, key]) => (
          <button
            key={name}
            role="radio"
            aria-checked={tool === name}
            title={`${label} (${key})`}
            className={`px-2 ${tool === name ? "button-main" : "button"}`}
            onClick={() => setTool(name)}
          >
            {label}
          </button>
        ))}
      </div>
      {(tool === "paint" || tool === "erase") && <BrushSettings brush={tools.brush} onBrush={tools.setBrush} />}
      {tool === "knots" && <Knots selected={bench.selection.selected} actions={actions} />}
      {tool === "shape" && <p className="text-quiet">Click around what is to be added to “{object}”; a click on the first knot closes it.</p>}
      <Edges object={object} finish={bench.work.now.finish[object] ?? finished[object] ?? NO_FINISH} onFinish={actions.finish} />
      <section aria-label="The object" className="grid gap-2">
        <h2 className="text-quiet">“{object}”</h2>
        <Merge others={bench.objects.names.filter((name) => name !== object)} onMerge={actions.mergeWith} />
        <button className="button justify-center" onClick={actions.takeOut}>
          Take “{object}” out
        </button>
        <button className="button justify-center" disabled={span === null} onClick={() => span && actions.segmentAgain(span.first, span.last)}>
          {span ? `Segment ${span.first}–${span.last} again` : "Mark frames (I, O) to segment them again"}
        </button>
      </section>
      <Sending bench={bench} />
    </div>
  );
}

/** Has the worker do what was done here; it becomes the next version. */
function Sending({ bench }: { bench: Bench }) {
  const [act, isBusy] = useActOnce("status", "jobs");
  const work = bench.work.now;
  const send = (asking: () => Promise<Job>, part: Part) => act(() => bench.send(asking(), part));
  const masks = () =>
    ask(
      api.POST("/api/v1/shots/{shot_id}/segment", {
        params: { path: { shot_id: bench.shot.id } },
        body: segmentation(work),
      }),
    );
  const shapes = () =>
    ask(
      api.POST("/api/v1/versions/{version_id}/reshape", {
        params: { path: { version_id: bench.versions.find((one) => one.number === work.edited)?.id ?? "" } },
        body: reshaping(work),
      }),
    );
  return (
    <div className="grid gap-2">
      <button className="button-main justify-center" disabled={isBusy || work.edits.length === 0} onClick={() => void send(shapes, "shapes")}>
        Apply to shapes
      </button>
      <button
        className="button-main justify-center"
        disabled={isBusy || bench.painting.isKeeping || work.edits.length > 0 || !asksForMasks(work)}
        onClick={() => void send(masks, "masks")}
      >
        Apply to masks
      </button>
      {asksForMasks(work) && <ShapesFirst bench={bench} />}
      <OpenJobs jobs={bench.jobs} />
    </div>
  );
}

function BrushSettings({ brush, onBrush }: { brush: Brush; onBrush: (brush: Brush) => void }) {
  return (
    <div className="grid gap-2">
      <Amount label="Size, px" value={brush.size} least={1} most={400} step={1} onChange={(size) => onBrush({ ...brush, size })} />
      <Amount label="Softness" value={brush.softness} least={0} most={1} step={0.05} onChange={(softness) => onBrush({ ...brush, softness })} />
      <p className="text-quiet">[ and ] change the size; shift does the opposite.</p>
    </div>
  );
}

function Edges({ object, finish, onFinish }: { object: string; finish: Finish; onFinish: (finish: Finish) => void }) {
  return (
    <section aria-label="Edges" className="grid gap-2">
      <h2 className="text-quiet">Edges of “{object}”</h2>
      {EDGES.map(([name, label, least, most, step]) => (
        <Amount
          key={name}
          label={label}
          value={finish[name]}
          least={least}
          most={most}
          step={step}
          onChange={(value) => onFinish({ ...finish, [name]: value })}
        />
      ))}
    </section>
  );
}

function Merge({ others, onMerge }: { others: string[]; onMerge: (other: string) => void }) {
  if (others.length === 0) return null;
  return (
    <label className="flex items-center gap-2">
      <span className="whitespace-nowrap text-quiet">Merge with</span>
      <select className="field" value="" onChange={(event) => onMerge(event.target.value)}>
        <option value="">…</option>
        {others.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}
