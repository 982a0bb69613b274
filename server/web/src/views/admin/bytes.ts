const UNITS = ["bytes", "kB", "MB", "GB", "TB", "PB"];

/** A size for people, as disks are sold: "1.4 GB" is 1.4 thousand million bytes. */
export function bytesInWords(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${UNITS[power]}`;
}
