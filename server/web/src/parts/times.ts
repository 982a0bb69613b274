const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long something takes, as people say it: no more exact than helps. */
export function duration(seconds: number): string {
  if (seconds > 0 && seconds < 1) return "under 1 s";
  if (Math.round(seconds) < MINUTE) return `${Math.round(seconds)} s`;
  if (seconds < HOUR) return `${Math.round(seconds / MINUTE)} min`;
  const minutes = Math.round(seconds / MINUTE);
  if (seconds < DAY) return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.round(seconds / DAY)} d`;
}

/** How long ago a moment was; of hours and days only how many. */
export function ago(moment: string, now = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(moment)) / 1000);
  const unit = [DAY, HOUR, MINUTE].find((one) => seconds >= one) ?? 1;
  return seconds < 5 ? "just now" : `${duration(Math.floor(seconds / unit) * unit)} ago`;
}

/** A moment in full, where one wants to know exactly. */
export function fullMoment(moment: string): string {
  return new Date(moment).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}
