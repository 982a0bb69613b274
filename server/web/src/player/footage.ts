import type { Range } from "./clock";

/** An object's mask on a frame: where its picture is, and its colour. */
export interface MaskFile {
  object: string;
  path: string;
  colour: string;
}

/** What is played: the addresses of a shot's pictures, by frames of the source. */
export interface Footage {
  range: Range;
  fps: number;
  plate: (frame: number) => string;
  masks: (frame: number) => MaskFile[];
  /** The masks of a version to compare with. */
  compared?: (frame: number) => MaskFile[];
  /** Another plate, to lie behind. */
  ground?: (frame: number) => string;
}
