import { useState } from "react";
import type { Comparison, Look } from "./draw";

export type Channel = "rgb" | "red" | "green" | "blue" | "luma";

export const CHANNELS: Record<Channel, string> = {
  rgb: "Colour",
  red: "Red",
  green: "Green",
  blue: "Blue",
  luma: "Luma",
};

/** How a shot is looked at; nothing of it changes the shot. */
export interface Viewing {
  look: Look;
  opacity: number;
  comparison: Comparison | "";
  wipe: number;
  channel: Channel;
  gain: number;
  gamma: number;
}

const PLAIN: Viewing = { look: "overlay", opacity: 0.45, comparison: "", wipe: 0.5, channel: "rgb", gain: 1, gamma: 1 };

export type Change = (change: Partial<Viewing>) => void;

export function useViewing(): [Viewing, Change] {
  const [viewing, setViewing] = useState(PLAIN);
  return [viewing, (change) => setViewing((now) => ({ ...now, ...change }))];
}

/** Luma as Rec. 709 weighs it. */
const LUMA = "0.2126 0.7152 0.0722 0 0";

const ROWS: Record<Channel, [string, string, string]> = {
  rgb: ["1 0 0 0 0", "0 1 0 0 0", "0 0 1 0 0"],
  red: ["1 0 0 0 0", "1 0 0 0 0", "1 0 0 0 0"],
  green: ["0 1 0 0 0", "0 1 0 0 0", "0 1 0 0 0"],
  blue: ["0 0 1 0 0", "0 0 1 0 0", "0 0 1 0 0"],
  luma: [LUMA, LUMA, LUMA],
};

/** The colour matrix (of SVG's filters) that shows a channel. */
export function channelMatrix(channel: Channel): string {
  return [...ROWS[channel], "0 0 0 1 0"].join(" ");
}

export function isPlain({ channel, gain, gamma }: Viewing): boolean {
  return channel === "rgb" && gain === 1 && gamma === 1;
}
