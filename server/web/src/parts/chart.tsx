import { type KeyboardEvent, type PointerEvent, useId, useRef, useState } from "react";
import { Stripes, Swatch } from "./chart-looks";
import { columnAt, placeOf } from "./chart-scale";
import { Bars, Lines, type Series } from "./chart-series";
import { useWidth } from "./chart-width";

interface Props {
  title: string;
  /** What its axis counts, such as “jobs”. */
  unit: string;
  /** As the hub says days: 2026-01-31. */
  days: string[];
  series: Series[];
  axis: number[];
  as: "bars" | "lines";
  /** A value with its unit. */
  say: (value: number) => string;
}

const HEIGHT = 190;
const LEFT = 52;
const RIGHT = 8;
const TOP = 18;
const BOTTOM = 22;
const WEEK = 7;

/** Days side by side. A day's values are shown when it is pointed at, or gone to by the arrow keys; a table holds all of
 * them for who does not see the drawing. */
export function Chart(props: Props) {
  const { title, unit, days, series } = props;
  const [day, setDay] = useState<number | null>(null);
  const pattern = useId();
  return (
    <figure aria-label={title} className="panel relative p-4">
      <figcaption className="flex flex-wrap items-center gap-x-4">
        <span className="mr-auto font-medium">{title}</span>
        {series.length > 1 &&
          series.map((one) => (
            <span key={one.name} className="flex items-center gap-1.5 text-quiet">
              <Swatch look={one.look} isLine={props.as === "lines"} pattern={pattern} />
              {one.name}
            </span>
          ))}
      </figcaption>
      <p aria-hidden className="h-6 truncate text-quiet tabular-nums">
        {day === null ? `${unit}, by day` : spoken(props, day)}
      </p>
      <Drawing {...props} day={day} setDay={setDay} pattern={pattern} />
      <table className="sr-only">
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            {series.map((one) => (
              <th key={one.name} scope="col">
                {one.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map((name, at) => (
            <tr key={name}>
              <th scope="row">{named(name)}</th>
              {series.map((one) => (
                <td key={one.name}>{said(props, one, at)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

interface DrawingProps extends Props {
  day: number | null;
  setDay: (day: number | null) => void;
  pattern: string;
}

function Drawing(props: DrawingProps) {
  const { title, days, axis, series, day, setDay, pattern } = props;
  const room = useRef<HTMLDivElement>(null);
  const width = useWidth(room);
  const right = Math.max(width - RIGHT, LEFT + 1);
  const column = (right - LEFT) / days.length;
  const top = axis.at(-1) ?? 1;
  const x = (at: number) => LEFT + at * column;
  const y = (value: number) => placeOf(value, top, HEIGHT - BOTTOM, TOP);
  const point = (event: PointerEvent<HTMLDivElement>) => {
    const place = event.clientX - event.currentTarget.getBoundingClientRect().left;
    setDay(columnAt(place, LEFT, right, days.length));
  };
  const step = (event: KeyboardEvent) => {
    const to = stepped(event.key, day ?? days.length - 1, days.length - 1);
    if (to === null) return;
    event.preventDefault();
    setDay(to);
  };
  return (
    <div
      ref={room}
      role="slider"
      tabIndex={0}
      aria-label={`${title}, day by day`}
      aria-valuemin={1}
      aria-valuemax={days.length}
      aria-valuenow={(day ?? days.length - 1) + 1}
      aria-valuetext={spoken(props, day ?? days.length - 1)}
      onPointerMove={point}
      onPointerLeave={() => setDay(null)}
      onFocus={() => setDay(day ?? days.length - 1)}
      onBlur={() => setDay(null)}
      onKeyDown={step}
    >
      <svg width="100%" height={HEIGHT} aria-hidden className="block">
        <defs>
          <Stripes id={pattern} />
        </defs>
        <Axes {...props} right={right} x={x} y={y} column={column} />
        {day !== null && <rect x={x(day)} width={column} y={TOP} height={HEIGHT - TOP - BOTTOM} fill="white" fillOpacity="0.1" />}
        {props.as === "bars" ? (
          <Bars series={series} x={x} y={y} column={column} pattern={pattern} />
        ) : (
          <Lines series={series} x={(at) => x(at) + column / 2} y={y} />
        )}
      </svg>
    </div>
  );
}

interface AxesProps extends Props {
  right: number;
  x: (day: number) => number;
  y: (value: number) => number;
  column: number;
}

function Axes({ unit, axis, days, say, right, x, y, column }: AxesProps) {
  return (
    <g fontSize="11" fill="var(--color-quiet)">
      <text x={LEFT - 8} y={8} textAnchor="end">
        {unit.split(" ")[0]}
      </text>
      {axis.map((value) => (
        <g key={value}>
          <line x1={LEFT} x2={right} y1={y(value)} y2={y(value)} stroke="var(--color-line)" />
          <text x={LEFT - 8} y={y(value) + 4} textAnchor="end">
            {say(value)}
          </text>
        </g>
      ))}
      {days.map((day, at) =>
        (days.length - 1 - at) % WEEK === 0 ? (
          <text key={day} x={x(at) + column / 2} y={HEIGHT - 6} textAnchor={at === days.length - 1 ? "end" : "middle"}>
            {named(day)}
          </text>
        ) : null,
      )}
    </g>
  );
}

function stepped(key: string, day: number, last: number): number | null {
  const to = { ArrowLeft: day - 1, ArrowDown: day - 1, ArrowRight: day + 1, ArrowUp: day + 1, Home: 0, End: last }[key];
  return to === undefined ? null : Math.min(Math.max(to, 0), last);
}

/** A day's values in words. */
function spoken(props: Props, day: number): string {
  const values = props.series.map((one) => `${one.name} ${said(props, one, day)}`);
  return `${named(props.days[day]!)}: ${values.join(", ")}`;
}

function said({ say }: Props, { values }: Series, day: number): string {
  const value = values[day];
  return value === null || value === undefined ? "nothing" : say(value);
}

/** Days are UTC's, as the hub counts them. */
function named(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
}
