import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, Route, Routes, useParams } from "react-router";
import { api, ask } from "../../api/client";
import { Loading, Wrong } from "../../parts/states";
import { GeneralSettings } from "./general-settings";
import { useInvitations } from "./invitations";
import { ProjectAudit } from "./project-audit";
import { ProjectPeople } from "./project-people";
import { Sections } from "./sections";
import { Templates } from "./templates";

/** What a project's supervisors see to. */
export function ProjectSettings() {
  const { projectId = "" } = useParams();
  const at = { params: { path: { project_id: projectId } } };
  const project = useQuery({
    queryKey: ["projects", projectId],
    queryFn: () => ask(api.GET("/api/v1/projects/{project_id}", at)),
  });
  const invitations = useInvitations(projectId); // only supervisors may see them, and only they are let in here
  if (project.isPending || invitations.isPending) return <Loading what="the settings" />;
  if (project.isError) return <Wrong error={project.error} retry={() => void project.refetch()} />;
  if (invitations.isError) return <Wrong error={invitations.error} retry={() => void invitations.refetch()} />;
  const base = `/projects/${projectId}/settings`;
  const sections = [
    { to: `${base}/general`, name: "General" },
    { to: `${base}/people`, name: "People" },
    { to: `${base}/templates`, name: "Templates" },
    { to: `${base}/audit`, name: "Audit log" },
  ];
  const head = (
    <Link to={`/projects/${projectId}`} className="block font-medium break-words hover:underline">
      {project.data.name}
    </Link>
  );
  return (
    <Sections label="Settings of the project" head={head} sections={sections}>
      <Routes>
        <Route path="general" element={<GeneralSettings project={project.data} />} />
        <Route path="people" element={<ProjectPeople project={projectId} />} />
        <Route path="templates" element={<Templates project={projectId} />} />
        <Route path="audit" element={<ProjectAudit project={projectId} />} />
        <Route path="*" element={<Navigate to={`${base}/general`} replace />} />
      </Routes>
    </Sections>
  );
}
