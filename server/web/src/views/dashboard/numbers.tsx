import type { Statistics } from "../../api/client";
import { Chart } from "../../parts/chart";
import { PartsChart } from "../../parts/chart-parts";
import { axisOf, timeAxisOf } from "../../parts/chart-scale";
import { duration } from "../../parts/times";
import { percent, whole } from "./say";
import { Tiles } from "./tiles";

const SHOT_STATES = ["ready", "checking", "uploading", "refused"];
const VERSION_STATES: [status: string, name: string][] = [
  ["pending", "to review"],
  ["approved", "approved"],
  ["retake", "retake"],
];

/** The numbers of some projects together: in a line of figures, day by day, and by state. */
export function Numbers({ of: found }: { of: Statistics }) {
  const days = found.days.map((one) => one.day);
  const done = found.days.map((one) => one.done);
  const failed = found.days.map((one) => one.failed);
  const frames = found.days.map((one) => one.frames);
  const waits = found.days.map((one) => one.wait_s);
  const runs = found.days.map((one) => one.run_s);
  const shares = found.days.map((one) => (one.done + one.failed === 0 ? null : one.failed / (one.done + one.failed)));
  const known = (values: (number | null)[]) => values.filter((value) => value !== null);
  return (
    <>
      <Tiles of={found} />
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-2 min-[2400px]:grid-cols-3">
        <Chart
          title="Jobs that ended"
          unit="jobs"
          as="bars"
          days={days}
          axis={axisOf(
            done.map((count, day) => count + (failed[day] ?? 0)),
            1,
          )}
          say={whole}
          series={[
            { name: "done", look: "first", values: done },
            { name: "failed", look: "second", values: failed },
          ]}
        />
        <Chart
          title="Frames that were tracked"
          unit="frames"
          as="bars"
          days={days}
          axis={axisOf(frames, 1)}
          say={whole}
          series={[{ name: "frames", look: "first", values: frames }]}
        />
        <Chart
          title="Waiting and running"
          unit="time a job, median"
          as="lines"
          days={days}
          axis={timeAxisOf([...known(waits), ...known(runs)])}
          say={duration}
          series={[
            { name: "ran", look: "first", values: runs },
            { name: "waited", look: "second", values: waits },
          ]}
        />
        <Chart
          title="Share that failed"
          unit="share of jobs"
          as="bars"
          days={days}
          axis={axisOf(known(shares))}
          say={percent}
          series={[{ name: "failed", look: "second", values: shares }]}
        />
        <PartsChart title="Shots by state" what="Shots" counts={SHOT_STATES.map((state) => [state, found.shots[state] ?? 0])} />
        <PartsChart
          title="Versions by status"
          what="Versions"
          counts={VERSION_STATES.map(([status, name]) => [name, found.versions[status] ?? 0])}
        />
      </div>
    </>
  );
}
