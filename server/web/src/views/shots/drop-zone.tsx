import { useQueryClient } from "@tanstack/react-query";
import { type DragEvent, type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import { ByPath } from "./by-path";
import { type Sending, uploads } from "./upload-queue";
import { Uploads } from "./uploads";

/** Takes plates that are dropped anywhere on the view, and shows how far they are at its foot. */
export function DropZone({ project, canAdd, children }: { project: string; canAdd: boolean; children: ReactNode }) {
  const [isOver, setIsOver] = useState(false);
  const all = useSyncExternalStore(uploads.subscribe, () => uploads.all);
  const own = all.filter((one) => one.project === project);
  useFreshShots(own.filter((one) => one.stage === "sent").length);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    uploads.add(project, [...event.dataTransfer.files]);
  };
  return (
    <div
      className="relative flex h-full flex-col"
      onDragOver={(event) => {
        if (!canAdd || !event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={(event) => event.currentTarget.contains(event.relatedTarget as Node | null) || setIsOver(false)}
      onDrop={drop}
    >
      {children}
      {canAdd && <Foot project={project} own={own} />}
      {isOver && (
        <div className="pointer-events-none absolute inset-2 z-20 grid place-items-center rounded border-2 border-dashed border-accent bg-room/80">
          <p className="text-lg font-medium">Drop the plates to add them</p>
        </div>
      )}
    </div>
  );
}

function Foot({ project, own }: { project: string; own: Sending[] }) {
  return (
    <footer className="border-t border-line bg-panel">
      <div className="flex flex-wrap items-center gap-3 px-4 py-2 lg:px-6">
        <label className="button focus-within:outline-2 focus-within:outline-accent">
          Add plates …
          <input
            type="file"
            multiple
            className="sr-only"
            onChange={(event) => {
              uploads.add(project, [...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
        </label>
        <ByPath project={project} />
        <p className="text-quiet max-md:hidden">or drop films, stills and zips of frames anywhere here.</p>
      </div>
      {own.length > 0 && <Uploads own={own} />}
    </footer>
  );
}

/** A plate that is all there is a shot that is checked: the list is asked again. */
function useFreshShots(sent: number): void {
  const client = useQueryClient();
  useEffect(() => {
    if (sent > 0) void client.invalidateQueries({ queryKey: ["shots"] });
  }, [client, sent]);
}
