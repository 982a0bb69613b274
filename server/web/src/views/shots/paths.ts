const PATH = /^(\/|\\\\|[A-Za-z]:[\\/])/;
const NAME_AND_PATH = /^(.+?)\s+((?:\/|\\\\|[A-Za-z]:[\\/]).*)$/;
const FRAME = /[._](#+|%0?\d*d|\d{3,})$/;

export interface Plate {
  name: string;
  path: string;
}

/** Shots by their plates, a line each: a name and a path, or a path alone, whose file gives the name. */
export function platesOf(text: string): Plate[] {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "").map(plateOf);
}

function plateOf(line: string): Plate {
  const [, name, path] = PATH.test(line) ? [] : (NAME_AND_PATH.exec(line) ?? []);
  return name && path ? { name, path } : { name: nameOf(line), path: line };
}

/** The file's name without its frame number and its ending. */
function nameOf(path: string): string {
  const file = path.split(/[\\/]/).at(-1) ?? "";
  const stem = file.replace(/\.[A-Za-z]\w*$/, "");
  return stem.replace(FRAME, "") || stem;
}
