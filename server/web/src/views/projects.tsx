import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import { api, ask } from "../api/client";
import { Field, Form } from "../parts/form";
import { Empty, Loading, Wrong } from "../parts/states";

export function Projects() {
  const client = useQueryClient();
  const projects = useQuery({ queryKey: ["projects"], queryFn: () => ask(api.GET("/api/v1/projects")) });
  const me = useQuery({ queryKey: ["me"], queryFn: () => ask(api.GET("/api/v1/me")) });
  if (projects.isPending) return <Loading what="projects" />;
  if (projects.isError) return <Wrong error={projects.error} retry={() => void projects.refetch()} />;
  const create = async (values: Record<string, string>) => {
    await api.POST("/api/v1/projects", { body: { name: values.name ?? "" } });
    await client.invalidateQueries({ queryKey: ["projects"] });
  };
  const shown = projects.data.filter((project) => !project.is_archived);
  return (
    <div className="mx-auto max-w-5xl p-8">
      <h1 className="mb-4 text-lg font-semibold">Projects</h1>
      {shown.length === 0 && (
        <Empty title="No project yet.">
          {me.data?.is_admin ? "Make the first one below." : "Ask a supervisor to take you into theirs."}
        </Empty>
      )}
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(16rem,1fr))] gap-3">
        {shown.map((project) => (
          <li key={project.id}>
            <Link to={`/projects/${project.id}`} className="panel block p-4 font-medium hover:bg-raised">
              {project.name}
            </Link>
          </li>
        ))}
      </ul>
      {me.data?.is_admin && (
        <section aria-label="New project" className="panel mt-8 w-96 p-4">
          <Form action="Make a project" send={create}>
            <Field name="name" label="Name of a new project" />
          </Form>
        </section>
      )}
    </div>
  );
}
