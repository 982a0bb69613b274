/** So many of something, in words: “1 shot”, “2 shots”; `many` is for what takes more than an s. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
