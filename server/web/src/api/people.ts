import { useQuery } from "@tanstack/react-query";
import { api, ask, type Person } from "./client";

const ROLES = ["viewer", "artist", "supervisor"] as const;
export type Role = (typeof ROLES)[number];

/** Everybody in a project, by name. */
export function usePeople(project: string): Person[] {
  const path = { project_id: project };
  const people = useQuery({
    queryKey: ["people", project],
    queryFn: () => ask(api.GET("/api/v1/projects/{project_id}/people", { params: { path } })),
  });
  return people.data ?? [];
}

/** Whether the user is at least that in a project; administrators are everything. */
export function useIs(role: Role, project: string): boolean {
  const me = useQuery({ queryKey: ["me"], queryFn: () => ask(api.GET("/api/v1/me")) }).data;
  const own = usePeople(project).find((one) => one.id === me?.id);
  return me?.is_admin === true || ROLES.findIndex((one) => one === own?.role) >= ROLES.indexOf(role);
}
