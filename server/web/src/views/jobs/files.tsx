import type { QueuedJob } from "../../api/client";
import { saveJobFile } from "../../api/job-files";
import { counted } from "../../parts/counted";
import { useAct } from "../../parts/toasts";

/** What a job wrote: single files to be taken home, and how many frames each folder holds. */
export function Files({ job }: { job: QueuedJob }) {
  const act = useAct();
  const files = (job.result?.files as string[] | undefined) ?? [];
  const single = files.filter((name) => !name.includes("/"));
  if (files.length === 0) return <p className="text-quiet">It wrote no files.</p>;
  return (
    <ul className="flex flex-wrap gap-2">
      {single.map((name) => (
        <li key={name}>
          <button className="button !py-0.5" onClick={() => void act(() => saveJobFile(job.id, name))}>
            {name}
          </button>
        </li>
      ))}
      {[...foldersOf(files)].map(([folder, count]) => (
        <li key={folder} className="py-0.5 text-quiet">
          {asChosen(folder)}: {counted(count, "file")}
        </li>
      ))}
    </ul>
  );
}

function foldersOf(files: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of files.filter((one) => one.includes("/"))) {
    const folder = name.slice(0, name.lastIndexOf("/"));
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return counts;
}

/** A folder by the names that people chose: those of objects are percent-encoded on disk. */
function asChosen(folder: string): string {
  try {
    return decodeURIComponent(folder);
  } catch {
    return folder; // a name that the hub did not encode, with a percent sign of its own
  }
}
