import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask, type Shot } from "../../api/client";
import { useIs, usePeople } from "../../api/people";
import { counted } from "../../parts/counted";
import { Question } from "../../parts/dialog";
import { useSay } from "../../parts/toasts";
import { assign, workersOf } from "./assignee";
import { doEach, type Outcome, sentenceOfOutcome } from "./in-bulk";
import { Menu } from "./menu";
import { renewed, type Selection } from "./selection";

const NOBODY = { id: "", name: "nobody" };
const CHANGED = ["shots", "shot", "status", "jobs", "projects"];

interface Props {
  project: string;
  selection: Selection;
  total: number;
  onSelect: (selection: Selection) => void;
  onSelectAll: () => Promise<void>;
}

/** What can be done to all shots that are picked, together. It lies over the list, so that nothing moves. */
export function BulkBar({ project, selection, total, onSelect, onSelectAll }: Props) {
  const client = useQueryClient();
  const say = useSay();
  const [count, setCount] = useState<number | null>(null);
  const people = usePeople(project);
  const isArtist = useIs("artist", project);
  const isSupervisor = useIs("supervisor", project);
  const path = { project_id: project };
  const templates = useQuery({
    queryKey: ["templates", project],
    queryFn: () => ask(api.GET("/api/v1/projects/{project_id}/templates", { params: { path } })),
  });
  const picked = [...selection.picked.values()];

  const run = async <T,>(act: (shot: Shot) => Promise<T>, what: string): Promise<Outcome<T>> => {
    setCount(0);
    const outcome = await doEach(picked, act, setCount);
    setCount(null);
    say(sentenceOfOutcome(outcome, what), outcome.failed.length > 0);
    for (const name of CHANGED) void client.invalidateQueries({ queryKey: [name] });
    return outcome;
  };
  const assignAll = async (to: { id: string; name: string }) => {
    const { done } = await run((shot) => assign(shot, to.id), `assigned to ${to.name}`);
    onSelect(renewed(selection, done));
  };
  const segmentAll = (template: { id: string; name: string }) => {
    const params = { path: { ...path, template_id: template.id } };
    const order = (shot: Shot) =>
      api.POST("/api/v1/projects/{project_id}/templates/{template_id}/apply", { params, body: { shots: [shot.id] } });
    return run(order, `queued for “${template.name}”`);
  };
  const deleteAll = async () => {
    const { done } = await run(async (shot) => {
      const params = { path: { shot_id: shot.id } };
      await api.DELETE("/api/v1/shots/{shot_id}", { params, headers: { "If-Match": `"${shot.revision}"` } });
      return shot.id;
    }, "deleted");
    onSelect(renewed(selection, [], new Set(done)));
  };
  const isBusy = count !== null;
  return (
    <section
      aria-label="Selected shots"
      className="panel absolute bottom-3 left-4 z-10 mr-4 flex flex-wrap items-center gap-2 bg-raised px-3 py-2 whitespace-nowrap lg:left-6 shadow-2xl"
    >
      <p role="status" className="mr-2 tabular-nums">
        {isBusy ? `${count} of ${picked.length} …` : `${picked.length} selected`}
      </p>
      {picked.length < total && (
        <button type="button" className="button" disabled={isBusy} onClick={() => void onSelectAll()}>
          Select all {total}
        </button>
      )}
      {isSupervisor && (
        <Menu
          label="Assign to"
          isDisabled={isBusy}
          choices={[...workersOf(people), NOBODY]}
          onChoose={(person) => void assignAll(person)}
        />
      )}
      {isArtist && (
        <Menu
          label="Segment by"
          isDisabled={isBusy}
          empty="The project has no template yet."
          choices={templates.data ?? []}
          onChoose={(template) => void segmentAll(template)}
        />
      )}
      {isSupervisor && (
        <Question
          title={`Delete ${picked.length === 1 ? `“${picked[0]?.name}”` : counted(picked.length, "shot")}?`}
          about="Their versions go with them. A supervisor can restore them for 30 days, from the project’s audit log; plates on shared storage stay where they are."
          action="Delete"
          trigger={
            <button type="button" className="button text-bad" disabled={isBusy}>
              Delete …
            </button>
          }
          onYes={() => void deleteAll()}
        />
      )}
      <button
        type="button"
        className="ml-1 px-1 text-quiet hover:text-text"
        aria-label="Select none"
        disabled={isBusy}
        onClick={() => onSelect(renewed(selection, [], new Set(selection.picked.keys())))}
      >
        ✕
      </button>
    </section>
  );
}
