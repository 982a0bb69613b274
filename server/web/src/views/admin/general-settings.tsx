import { useQueryClient } from "@tanstack/react-query";
import { api, type Project } from "../../api/client";
import { Form } from "../../parts/form";
import { useAct, useSay } from "../../parts/toasts";
import { Line } from "./inputs";
import { SectionHead } from "./sections";

/** A project's name, and whether it is worked on. */
export function GeneralSettings({ project }: { project: Project }) {
  const client = useQueryClient();
  const say = useSay();
  const act = useAct("projects");
  const change = (body: { name?: string; is_archived?: boolean }) =>
    api.PATCH("/api/v1/projects/{project_id}", {
      params: { path: { project_id: project.id } },
      headers: { "If-Match": `"${project.revision}"` },
      body,
    });
  const rename = async ({ name }: Record<string, string>) => {
    try {
      await change({ name });
      say("The project has its new name.");
    } finally {
      await client.invalidateQueries({ queryKey: ["projects"] });
    }
  };
  const archive = () => act(() => change({ is_archived: !project.is_archived }));
  return (
    <>
      <SectionHead title="General" />
      <div className="grid max-w-120 gap-4">
        <section aria-label="Rename" className="panel p-4">
          <Form action="Rename" send={rename}>
            <Line name="name" label="Name" defaultValue={project.name} autoComplete="off" />
          </Form>
        </section>
        <section aria-label="Archive" className="panel grid gap-3 p-4">
          <p>
            {project.is_archived
              ? "The project is archived: it is not listed among the projects. All that is in it is still there."
              : "An archived project is not listed among the projects. All that is in it stays, and it can be taken back."}
          </p>
          <button className="button justify-center" onClick={() => void archive()}>
            {project.is_archived ? "Take it back" : "Archive the project"}
          </button>
        </section>
      </div>
    </>
  );
}
