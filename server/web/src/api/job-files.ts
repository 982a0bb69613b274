import { fetchFile } from "./client";

/** A file that a job wrote, by its name. */
export function fetchJobFile(job: string, name: string): Promise<Blob> {
  return fetchFile(`/api/v1/jobs/${job}/files/${encodeURIComponent(name)}`);
}

/** Has the browser save a job's file. */
export async function saveJobFile(job: string, name: string): Promise<void> {
  const url = URL.createObjectURL(await fetchJobFile(job, name));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
