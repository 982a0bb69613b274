import type { Statistics } from "../../api/client";
import { counted } from "../../parts/counted";
import { known, percent, whole } from "./say";

/** The figures one asks for first. */
export function Tiles({ of: found }: { of: Statistics }) {
  const versions = Object.values(found.versions).reduce((sum, count) => sum + count, 0);
  const figures: [name: string, figure: string, about: string][] = [
    ["Jobs done", whole(found.done), `of ${whole(found.done + found.failed)}`],
    ["Failed", known(found.failed_share, percent), counted(found.failed, "job")],
    ["Frames", whole(found.frames), "tracked"],
    ["Speed", known(found.frames_a_second, (speed) => `${speed.toFixed(1)} fr/s`), "median"],
    ["Wait", known(found.wait_s), "median"],
    ["Run", known(found.run_s), "median"],
    ["Retakes", whole(found.retakes), `for ${counted(versions, "version")}`],
    ["Notes", whole(found.notes), "on all versions"],
  ];
  return (
    <dl className="panel mb-4 grid grid-cols-2 sm:grid-cols-4 xl:grid-cols-8">
      {figures.map(([name, figure, about]) => (
        <div key={name} className="px-4 py-3">
          <dt className="text-quiet">{name}</dt>
          <dd>
            <span className="block text-xl font-medium tabular-nums">{figure}</span>
            <span className="block truncate text-quiet">{about}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
