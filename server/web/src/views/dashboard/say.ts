import { duration } from "../../parts/times";

const NUMBER = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

export function whole(value: number): string {
  return NUMBER.format(value);
}

export function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 10 ? Number(value.toFixed(1)) : Math.round(value)} %`;
}

/** What is not known is a dash. */
export function known(value: number | null, say: (value: number) => string = duration): string {
  return value === null ? "–" : say(value);
}
