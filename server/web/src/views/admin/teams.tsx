import { api, ask, type Team, type User } from "../../api/client";
import { Question } from "../../parts/dialog";
import { Field } from "../../parts/form";
import { Empty, Loading, Wrong } from "../../parts/states";
import { useAct } from "../../parts/toasts";
import { AddFrom } from "./add-from";
import { useTeams, useUsers } from "./asked-often";
import { FormDialog } from "./form-dialog";
import { RowButton } from "./row-button";
import { SectionHead } from "./sections";

/** People who are given projects together. */
export function Teams() {
  const teams = useTeams();
  const users = useUsers();
  if (teams.isPending || users.isPending) return <Loading what="teams" />;
  if (teams.isError) return <Wrong error={teams.error} retry={() => void teams.refetch()} />;
  if (users.isError) return <Wrong error={users.error} retry={() => void users.refetch()} />;
  return (
    <>
      <SectionHead title="Teams" about="A team's role in a project counts for everybody in it.">
        <NewTeam />
      </SectionHead>
      {teams.data.length === 0 && <Empty title="No team yet.">Make one, and take people in.</Empty>}
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(22rem,100%),1fr))] gap-4">
        {teams.data.map((team) => (
          <li key={team.id}>
            <TeamPanel team={team} users={users.data} />
          </li>
        ))}
      </ul>
    </>
  );
}

function NewTeam() {
  const send = ({ name = "" }: Record<string, string>) => ask(api.POST("/api/v1/teams", { body: { name } }));
  const trigger = <button className="button-main">Make a team</button>;
  return (
    <FormDialog title="Make a team" trigger={trigger} action="Make it" send={send} stale={["teams"]}>
      <Field name="name" label="Name" autoComplete="off" />
    </FormDialog>
  );
}

function TeamPanel({ team, users }: { team: Team; users: User[] }) {
  const act = useAct("teams", "people");
  const ids = new Set(team.members);
  const members = users.filter((one) => ids.has(one.id));
  const others = users.filter((one) => one.is_active && !ids.has(one.id));
  const at = (user_id: string) => ({ params: { path: { team_id: team.id, user_id } } });
  const takeIn = (user: string) => act(() => api.PUT("/api/v1/teams/{team_id}/members/{user_id}", at(user)));
  const takeOut = (user: string) => act(() => api.DELETE("/api/v1/teams/{team_id}/members/{user_id}", at(user)));
  const remove = () => act(() => api.DELETE("/api/v1/teams/{team_id}", { params: { path: { team_id: team.id } } }));
  return (
    <section aria-label={team.name} className="panel flex h-full flex-col p-4">
      <div className="mb-2 flex items-baseline gap-2">
        <h2 className="min-w-0 font-medium wrap-anywhere">{team.name}</h2>
        <span className="mr-auto text-quiet">{members.length}</span>
        <Question
          title={`Take “${team.name}” apart?`}
          about="Its people lose the projects that they have by this team alone."
          action="Take it apart"
          trigger={<RowButton of={team.name}>Delete</RowButton>}
          onYes={() => void remove()}
        />
      </div>
      <ul className="mb-3 flex-1">
        {members.map((user) => (
          <li key={user.id} className="flex items-center gap-2 rounded px-2 py-0.5 hover:bg-raised">
            <span className="mr-auto min-w-0 wrap-anywhere">{user.name}</span>
            <RowButton of={user.name} onClick={() => void takeOut(user.id)}>
              Take out
            </RowButton>
          </li>
        ))}
        {members.length === 0 && <li className="px-2 text-quiet">Nobody is in it.</li>}
      </ul>
      <AddFrom
        label={`Somebody for ${team.name}`}
        options={Object.fromEntries(others.map((one) => [one.id, one.name]))}
        action="Take in"
        onAdd={takeIn}
      />
    </section>
  );
}
