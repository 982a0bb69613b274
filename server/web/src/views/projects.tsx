import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { api, ask, type ProjectCard } from "../api/client";
import { counted } from "../parts/counted";
import { Dialog } from "../parts/dialog";
import { FileImage } from "../parts/file-image";
import { Field, Form } from "../parts/form";
import { Empty, Loading, Wrong } from "../parts/states";

const FEW = 8;

/** The projects that one may see, each with a picture and how far it is. */
export function Projects() {
  const projects = useQuery({ queryKey: ["projects"], queryFn: () => ask(api.GET("/api/v1/projects")) });
  const isAdmin = useQuery({ queryKey: ["me"], queryFn: () => ask(api.GET("/api/v1/me")) }).data?.is_admin === true;
  const [address, setAddress] = useSearchParams();
  const [search, setSearch] = useState("");
  if (projects.isPending) return <Loading what="projects" />;
  if (projects.isError) return <Wrong error={projects.error} retry={() => void projects.refetch()} />;
  const withArchived = address.has("archived");
  const archived = projects.data.filter((one) => one.is_archived).length;
  const there = projects.data.filter((one) => withArchived || !one.is_archived);
  const shown = there.filter((one) => one.name.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <div className="mx-auto max-w-[120rem] px-6 py-4">
      <div className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-2 pb-4">
        <h1 className="text-lg font-semibold">Projects</h1>
        {there.length > FEW && (
          <input
            type="search"
            aria-label="Search projects"
            placeholder="Search"
            className="field !w-56"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        )}
        {archived > 0 && (
          <label className="flex items-center gap-2 text-quiet">
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={withArchived}
              onChange={(event) => setAddress(event.target.checked ? { archived: "1" } : {}, { replace: true })}
            />
            Show archived ({archived})
          </label>
        )}
        {isAdmin && there.length > 0 && <NewProject />}
      </div>
      {there.length === 0 && (
        <Empty title="No project yet.">
          {isAdmin ? "Make the first one below." : "Ask a supervisor to take you into theirs."}
        </Empty>
      )}
      {there.length > 0 && shown.length === 0 && <Empty title="No project is called like that." />}
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(17rem,1fr))] gap-4">
        {shown.map((project) => (
          <Card key={project.id} project={project} />
        ))}
      </ul>
      {isAdmin && there.length === 0 && (
        <section aria-label="New project" className="panel mx-auto w-96 max-w-full p-4">
          <NewProjectForm />
        </section>
      )}
    </div>
  );
}

function Card({ project }: { project: ProjectCard }) {
  const { id, name, cover, shots, to_review, approved, is_archived } = project;
  return (
    <li className="panel relative hover:border-quiet">
      <Link to={`/projects/${id}`} className="block rounded">
        {cover === null ? (
          <div className="aspect-video w-full rounded-t-[3px] bg-raised" />
        ) : (
          <FileImage path={`/api/v1/shots/${cover}/thumbnail`} className="aspect-video w-full rounded-t-[3px]" />
        )}
        <Bar shots={shots} toReview={to_review} approved={approved} />
        <span id={`name-${id}`} className="block truncate px-3 pt-2 font-medium">
          {name}
          {is_archived && <span className="ml-2 font-normal text-wait">archived</span>}
        </span>
        <span className="block px-3 text-quiet tabular-nums">
          {counted(shots, "shot")}
          {to_review > 0 && <span className="text-wait"> · {to_review} to review</span>}
          {approved > 0 && <span className="text-good"> · {approved} approved</span>}
        </span>
      </Link>
      <p className="flex gap-4 px-3 pt-1 pb-2 text-xs">
        <Beside to={`/projects/${id}/dashboard`} of={id} label="Dashboard" />
        <Beside to={`/projects/${id}/settings`} of={id} label="Settings" />
      </p>
    </li>
  );
}

function Beside({ to, of, label }: { to: string; of: string; label: string }) {
  return (
    <Link to={to} aria-describedby={`name-${of}`} className="text-quiet hover:text-text hover:underline">
      {label}
    </Link>
  );
}

/** How much is approved and how much waits, beside all; the words below say the same. */
function Bar({ shots, toReview, approved }: { shots: number; toReview: number; approved: number }) {
  const share = (part: number) => `${shots === 0 ? 0 : (100 * part) / shots}%`;
  return (
    <span aria-hidden className="flex h-1 bg-line">
      <span className="bg-good" style={{ width: share(approved) }} />
      <span className="bg-wait" style={{ width: share(toReview) }} />
    </span>
  );
}

function NewProject() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Dialog
      title="New project"
      isOpen={isOpen}
      onOpen={setIsOpen}
      trigger={<button className="button ml-auto">New project …</button>}
    >
      <NewProjectForm onMade={() => setIsOpen(false)} />
    </Dialog>
  );
}

function NewProjectForm({ onMade }: { onMade?: () => void }) {
  const client = useQueryClient();
  const create = async (values: Record<string, string>) => {
    await api.POST("/api/v1/projects", { body: { name: values.name ?? "" } });
    await client.invalidateQueries({ queryKey: ["projects"] });
    onMade?.();
  };
  return (
    <Form action="Make a project" send={create}>
      <Field name="name" label="Name of a new project" />
    </Form>
  );
}
