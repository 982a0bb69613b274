import { usePeople } from "../../api/people";
import { useMe, useTeams, useUsers } from "./asked-often";
import { Entries, namesById } from "./audit-log";

/** Who did what in a project. Administrators know also those who are not in it any more. */
export function ProjectAudit({ project }: { project: string }) {
  const isAdmin = useMe().data?.is_admin ?? false;
  const own = usePeople(project);
  const users = useUsers(isAdmin);
  const people = namesById(users.data ?? own);
  return <Entries project={project} people={people} names={{ ...people, ...namesById(useTeams().data ?? []) }} />;
}
