import { Navigate, Route, Routes } from "react-router";
import { Problem } from "../../api/client";
import { Loading, Wrong } from "../../parts/states";
import { useMe } from "./asked-often";
import { AuditLog } from "./audit-log";
import { ProjectList } from "./project-list";
import { Sections } from "./sections";
import { Storage } from "./storage";
import { Teams } from "./teams";
import { Users } from "./users";
import { Webhooks } from "./webhooks";

const SECTIONS = [
  { to: "/admin/users", name: "Users" },
  { to: "/admin/teams", name: "Teams" },
  { to: "/admin/projects", name: "Projects" },
  { to: "/admin/webhooks", name: "Webhooks" },
  { to: "/admin/storage", name: "Storage" },
  { to: "/admin/audit", name: "Audit log" },
];

/** What administrators see to: people, projects, and the hub itself. */
export function Studio() {
  const me = useMe();
  if (me.isPending) return <Loading what="the studio" />;
  if (me.isError) return <Wrong error={me.error} retry={() => void me.refetch()} />;
  if (!me.data.is_admin) return <Wrong error={new Problem(403, "Only administrators may do this.", "Ask one of them.")} />;
  return (
    <Sections label="Studio" sections={SECTIONS}>
      <Routes>
        <Route path="users" element={<Users />} />
        <Route path="teams" element={<Teams />} />
        <Route path="projects" element={<ProjectList />} />
        <Route path="webhooks" element={<Webhooks />} />
        <Route path="storage" element={<Storage />} />
        <Route path="audit" element={<AuditLog />} />
        <Route path="*" element={<Navigate to="/admin/users" replace />} />
      </Routes>
    </Sections>
  );
}
