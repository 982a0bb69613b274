import { useQuery } from "@tanstack/react-query";
import { api, ask } from "../../api/client";

/** Who is logged in. */
export function useMe() {
  return useQuery({ queryKey: ["me"], queryFn: () => ask(api.GET("/api/v1/me")) });
}

/** All users, whom only administrators may list. */
export function useUsers(isAdmin = true) {
  return useQuery({ queryKey: ["users"], queryFn: () => ask(api.GET("/api/v1/users")), enabled: isAdmin });
}

export function useTeams() {
  return useQuery({ queryKey: ["teams"], queryFn: () => ask(api.GET("/api/v1/teams")) });
}

export function useProjects() {
  return useQuery({ queryKey: ["projects"], queryFn: () => ask(api.GET("/api/v1/projects")) });
}

/** Who is in a project, with names. */
export function useMembers(project: string) {
  const at = { params: { path: { project_id: project } } };
  return useQuery({ queryKey: ["members", project], queryFn: () => ask(api.GET("/api/v1/projects/{project_id}/members", at)) });
}
