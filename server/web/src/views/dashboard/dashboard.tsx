import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "react-router";
import { api, ask } from "../../api/client";
import { Empty, Loading, Wrong } from "../../parts/states";
import { Comparison } from "./comparison";
import { Numbers } from "./numbers";

const ASKED_EVERY_MS = 60_000;

/** How all projects fare that one may see, or one of them, over the last 30 days. */
export function Dashboard() {
  const { projectId = "" } = useParams();
  return (
    <div className="px-6 py-4">
      <header className="mb-4 flex flex-wrap items-center gap-3">
        <h1 className="text-lg font-semibold">Dashboard</h1>
        <span className="text-quiet">the last 30 days</span>
        <ProjectChoice chosen={projectId} />
      </header>
      {projectId ? <OfProject id={projectId} /> : <OfAll />}
    </div>
  );
}

function ProjectChoice({ chosen }: { chosen: string }) {
  const go = useNavigate();
  const projects = useQuery({ queryKey: ["projects"], queryFn: () => ask(api.GET("/api/v1/projects")) });
  return (
    <select
      aria-label="Project"
      className="field ml-auto !w-60"
      value={chosen}
      onChange={(event) => void go(event.target.value ? `/projects/${event.target.value}/dashboard` : "/dashboard")}
    >
      <option value="">All projects</option>
      {projects.data?.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

function OfAll() {
  const found = useQuery({
    queryKey: ["statistics"],
    queryFn: () => ask(api.GET("/api/v1/statistics")),
    refetchInterval: ASKED_EVERY_MS,
  });
  if (found.isPending) return <Loading what="the numbers" />;
  if (found.isError) return <Wrong error={found.error} retry={() => void found.refetch()} />;
  if (found.data.projects.length === 0) return <Empty title="No project yet.">The numbers of yours come here.</Empty>;
  return (
    <>
      <Numbers of={found.data.together} />
      <Comparison projects={found.data.projects} />
    </>
  );
}

function OfProject({ id }: { id: string }) {
  const found = useQuery({
    queryKey: ["statistics", id],
    queryFn: () => ask(api.GET("/api/v1/projects/{project_id}/statistics", { params: { path: { project_id: id } } })),
    refetchInterval: ASKED_EVERY_MS,
  });
  if (found.isPending) return <Loading what="the numbers" />;
  if (found.isError) return <Wrong error={found.error} retry={() => void found.refetch()} />;
  return <Numbers of={found.data} />;
}
