const SHORT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

/** A moment where the reader is; `isDay` leaves out the time of day. */
export function Moment({ at, isDay }: { at: string; isDay?: boolean }) {
  const moment = new Date(at);
  return (
    <time dateTime={at} title={moment.toLocaleString()} className="whitespace-nowrap tabular-nums">
      {(isDay ? DAY : SHORT).format(moment)}
    </time>
  );
}
