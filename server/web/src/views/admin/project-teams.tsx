import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import type { Role } from "../../api/people";
import { Question } from "../../parts/dialog";
import { Loading, Wrong } from "../../parts/states";
import { useAct } from "../../parts/toasts";
import { AddFrom } from "./add-from";
import { useTeams } from "./asked-often";
import { Group } from "./group";
import { RoleChoice } from "./roles";
import { RowButton } from "./row-button";
import { Actions, Cell, Row, RowHead, Table } from "./table";

/** The teams that a project was given to. */
export function ProjectTeams({ project }: { project: string }) {
  const act = useAct("project-teams", "people");
  const [newRole, setNewRole] = useState<Role>("artist");
  const all = useTeams();
  const given = useQuery({
    queryKey: ["project-teams", project],
    queryFn: () => ask(api.GET("/api/v1/projects/{project_id}/teams", { params: { path: { project_id: project } } })),
  });
  if (all.isPending || given.isPending) return <Loading what="teams" />;
  if (all.isError) return <Wrong error={all.error} retry={() => void all.refetch()} />;
  if (given.isError) return <Wrong error={given.error} retry={() => void given.refetch()} />;
  const set = (team_id: string, role: Role | null) =>
    act(() => {
      const at = { params: { path: { project_id: project, team_id } } };
      return api.PUT("/api/v1/projects/{project_id}/teams/{team_id}", { ...at, body: { role } });
    });
  const roles = new Map(given.data.map((one) => [one.team_id, one.role]));
  const teams = all.data.filter((one) => roles.has(one.id));
  const others = all.data.filter((one) => !roles.has(one.id));
  return (
    <Group title="Teams">
      {teams.length > 0 && (
        <Table label="Teams" heads={["Name", "People", "Role"]} hasActions>
          {teams.map((team) => (
            <Row key={team.id}>
              <RowHead>{team.name}</RowHead>
              <Cell look="tabular-nums text-quiet">{team.members?.length ?? 0}</Cell>
              <Cell>
                <RoleChoice of={team.name} role={roles.get(team.id) ?? ""} onRole={(role) => void set(team.id, role)} />
              </Cell>
              <Actions>
                <Question
                  title={`Take “${team.name}” out?`}
                  about="Its people do not see the project any more, unless they are in it by themselves."
                  action="Take out"
                  trigger={<RowButton of={team.name}>Take out</RowButton>}
                  onYes={() => void set(team.id, null)}
                />
              </Actions>
            </Row>
          ))}
        </Table>
      )}
      {all.data.length === 0 && <p className="px-3 text-quiet">The studio has no teams; administrators make them.</p>}
      {others.length > 0 && (
        <div className="mt-2 max-w-160 px-3">
          <AddFrom
            label="New team"
            options={Object.fromEntries(others.map((one) => [one.id, one.name]))}
            action="Add"
            onAdd={(team) => set(team, newRole)}
          >
            <RoleChoice of="the new team" role={newRole} onRole={setNewRole} />
          </AddFrom>
        </div>
      )}
    </Group>
  );
}
