import { useState } from "react";
import { Link } from "react-router";
import type { ProjectStatistics } from "../../api/client";
import { SmallBar } from "../../parts/chart-parts";
import { known, percent, whole } from "./say";

type Numbers = ProjectStatistics["numbers"];

interface Column {
  name: string;
  value: (numbers: Numbers) => number | null;
  say?: (value: number) => string;
  /** Beside the number stands a bar. */
  tone?: string;
}

const COLUMNS: Column[] = [
  { name: "Shots", value: ({ shots }) => Object.values(shots).reduce((sum, count) => sum + count, 0), say: whole },
  { name: "To review", value: ({ versions }) => versions.pending ?? 0, say: whole, tone: "bg-wait" },
  { name: "Approved", value: ({ versions }) => versions.approved ?? 0, say: whole, tone: "bg-good" },
  { name: "Retakes", value: ({ retakes }) => retakes, say: whole, tone: "bg-bad" },
  { name: "Jobs done", value: ({ done }) => done, say: whole, tone: "bg-accent" },
  { name: "Failed", value: ({ failed_share }) => failed_share, say: percent, tone: "bg-wait" },
  { name: "Frames", value: ({ frames }) => frames, say: whole, tone: "bg-accent" },
  { name: "Wait", value: ({ wait_s }) => wait_s },
  { name: "Run", value: ({ run_s }) => run_s },
];

/** Projects beside one another; a column's heading sorts by it. */
export function Comparison({ projects }: { projects: ProjectStatistics[] }) {
  const [sorted, setSorted] = useState<string | null>(null);
  const by = COLUMNS.find((one) => one.name === sorted);
  const rows = [...projects].sort((one, other) => (by === undefined ? 0 : order(by, other) - order(by, one)));
  return (
    <section aria-label="Projects compared" className="panel mt-4 overflow-x-auto p-4">
      <h2 className="mb-2 font-medium">
        Projects compared{" "}
        <span className="font-normal text-quiet">jobs, frames and times: the last 30 days; shots and versions: as they are</span>
      </h2>
      <table className="w-full text-left">
        <thead className="text-quiet">
          <tr>
            <Heading name="Project" isSorted={sorted === null} direction="ascending" sort={() => setSorted(null)} />
            {COLUMNS.map(({ name }) => (
              <Heading key={name} name={name} isSorted={sorted === name} direction="descending" sort={() => setSorted(name)} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.project_id} className="h-12 border-t border-line hover:bg-raised">
              <th scope="row" className="min-w-40 px-2 font-medium wrap-anywhere">
                <Link className="hover:underline" to={`/projects/${one.project_id}/dashboard`}>
                  {one.name}
                </Link>
              </th>
              {COLUMNS.map((column) => (
                <td key={column.name} className="px-2">
                  <Cell column={column} of={one.numbers} most={mostOf(column, projects)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface HeadingProps {
  name: string;
  isSorted: boolean;
  direction: "ascending" | "descending";
  sort: () => void;
}

function Heading({ name, isSorted, direction, sort }: HeadingProps) {
  return (
    <th scope="col" aria-sort={isSorted ? direction : undefined} className="px-2 py-1 font-normal whitespace-nowrap">
      <button className={`hover:text-text ${isSorted ? "text-text" : ""}`} onClick={sort}>
        {name} <span aria-hidden>{isSorted ? (direction === "ascending" ? "↑" : "↓") : "\u2007"}</span>
      </button>
    </th>
  );
}

function Cell({ column, of: numbers, most }: { column: Column; of: Numbers; most: number }) {
  const value = column.value(numbers);
  const text = <span className="tabular-nums">{known(value, column.say)}</span>;
  if (column.tone === undefined) return text;
  return (
    <div className="grid max-w-40 min-w-16 gap-1">
      {text}
      <SmallBar share={(value ?? 0) / most} tone={column.tone} />
    </div>
  );
}

function mostOf({ value }: Column, projects: ProjectStatistics[]): number {
  return Math.max(...projects.map((one) => value(one.numbers) ?? 0)) || 1;
}

/** What is not known comes last. */
function order({ value }: Column, { numbers }: ProjectStatistics): number {
  return value(numbers) ?? -1;
}
