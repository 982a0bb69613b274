export type Tool = "paint" | "erase" | "knots" | "shape" | "none";

/** Tools with their names and keys. */
export const TOOLS: [Tool, string, string][] = [
  ["none", "View", "1"],
  ["paint", "Paint", "2"],
  ["erase", "Erase", "3"],
  ["knots", "Knots", "4"],
  ["shape", "New shape", "5"],
];
