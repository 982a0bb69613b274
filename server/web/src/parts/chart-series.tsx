import { fillOf, type Look, Mark, strokeOf } from "./chart-looks";
import { runsOf } from "./chart-scale";

export interface Series {
  name: string;
  look: Look;
  /** One a day; null where nothing is known. */
  values: (number | null)[];
}

interface BarsProps {
  series: Series[];
  x: (day: number) => number;
  y: (value: number) => number;
  column: number;
  pattern: string;
}

/** A bar a day; several series stand on one another. */
export function Bars({ series, x, y, column, pattern }: BarsProps) {
  const gap = Math.min(column * 0.2, 4);
  return series.map((one, layer) =>
    one.values.map((value, day) => {
      if (!value) return null;
      const below = series.slice(0, layer).reduce((sum, under) => sum + (under.values[day] ?? 0), 0);
      const place = { x: x(day) + gap / 2, width: column - gap, y: y(below + value), height: y(below) - y(below + value) };
      return <rect key={`${one.name} ${day}`} {...place} fill={fillOf(one.look, pattern)} />;
    }),
  );
}

interface LinesProps {
  series: Series[];
  x: (day: number) => number;
  y: (value: number) => number;
}

/** A line a series, with a mark a day; it stops where nothing is known. */
export function Lines({ series, x, y }: LinesProps) {
  return series.map((one) =>
    runsOf(one.values).map((run) => (
      <g key={`${one.name} ${run[0]?.at}`}>
        <polyline
          points={run.map(({ at, value }) => `${x(at)},${y(value)}`).join(" ")}
          fill="none"
          strokeWidth="1.5"
          {...strokeOf(one.look)}
        />
        {run.map(({ at, value }) => (
          <Mark key={at} look={one.look} x={x(at)} y={y(value)} />
        ))}
      </g>
    )),
  );
}
