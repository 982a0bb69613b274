/** The timecode of a frame: frame 0 is 00:00:00:00. Rates such as 23.976 count frames at the next whole rate, as
 * non-drop timecode does (SMPTE ST 12-1). */
export function timecode(frame: number, fps: number): string {
  const rate = Math.max(Math.round(fps), 1);
  const count = Math.abs(frame);
  const seconds = Math.floor(count / rate);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60, count % rate];
  return (frame < 0 ? "-" : "") + parts.map((part) => String(part).padStart(2, "0")).join(":");
}
