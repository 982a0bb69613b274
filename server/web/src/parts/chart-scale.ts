const MOST_STEPS = 4;

/** An axis from zero: round values, the last of them at or above all that is shown. `least` is how small a step may be:
 * there is no half a job. */
export function axisOf(values: readonly number[], least = 0): number[] {
  const highest = Math.max(0, ...values);
  if (highest === 0) return [0, 1];
  const step = Math.max(roundStep(highest / MOST_STEPS), least);
  const count = Math.ceil(highest / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(12)));
}

/** The next of 1, 2, 5, 10, 20 … that is no smaller. */
function roundStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  const factor = [1, 2, 5, 10].find((one) => one * power >= size * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** An axis of times: its steps are whole seconds, minutes or hours. */
export function timeAxisOf(seconds: readonly number[]): number[] {
  const highest = Math.max(0, ...seconds);
  const unit = highest >= 2 * 3600 ? 3600 : highest >= 120 ? 60 : 1;
  return axisOf(seconds.map((one) => one / unit), 1).map((one) => one * unit);
}

/** Where a value lies between two ends of the picture. */
export function placeOf(value: number, highest: number, from: number, to: number): number {
  return from + (to - from) * (highest === 0 ? 0 : value / highest);
}

/** Which of so many equal columns a place is in. */
export function columnAt(place: number, from: number, to: number, count: number): number {
  const column = Math.floor(((place - from) / (to - from)) * count);
  return Math.min(Math.max(column, 0), count - 1);
}

/** Runs of values that are known; a line is not drawn through what is not. */
export function runsOf(values: readonly (number | null)[]): { at: number; value: number }[][] {
  const runs: { at: number; value: number }[][] = [];
  values.forEach((value, at) => {
    if (value === null) return;
    const isNew = at === 0 || values[at - 1] === null;
    if (isNew) runs.push([]);
    runs.at(-1)?.push({ at, value });
  });
  return runs;
}
