/** The timecode of a frame: frame 0 is 00:00:00:00. Rates such as 23.976 count frames at the next whole rate, as
 * non-drop timecode does (SMPTE ST 12-1). */
export function timecode(frame: number, fps: number): string {
  const rate = wholeRate(fps);
  const count = Math.abs(frame);
  const seconds = Math.floor(count / rate);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60, count % rate];
  return (frame < 0 ? "-" : "") + parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/** The frame that somebody typed: its number, or its timecode, of which leading parts may be left out; null for neither. */
export function typedFrame(text: string, fps: number): number | null {
  const said = text.trim();
  if (/^-?\d+$/.test(said)) return Number(said);
  if (!/^-?\d+(:\d+){1,3}$/.test(said)) return null;
  const sign = said.startsWith("-") ? -1 : 1;
  const parts = said.replace("-", "").split(":").map(Number);
  const frames = parts.pop()!;
  const seconds = parts.reduce((sum, part) => 60 * sum + part, 0);
  return sign * (seconds * wholeRate(fps) + frames);
}

function wholeRate(fps: number): number {
  return Math.max(Math.round(fps), 1);
}
