import { useState } from "react";
import { api, type Member } from "../../api/client";
import type { Role } from "../../api/people";
import { Question } from "../../parts/dialog";
import { Loading, Wrong } from "../../parts/states";
import { useAct } from "../../parts/toasts";
import { AddFrom } from "./add-from";
import { useMe, useMembers, useUsers } from "./asked-often";
import { Group } from "./group";
import { RoleChoice } from "./roles";
import { RowButton } from "./row-button";
import { Actions, Cell, Row, RowHead, Table } from "./table";

/** Who is in a project by themselves. Only administrators know everybody; supervisors ask people in. */
export function Members({ project }: { project: string }) {
  const act = useAct("members", "people");
  const members = useMembers(project);
  const me = useMe();
  if (members.isPending) return <Loading what="members" />;
  if (members.isError) return <Wrong error={members.error} retry={() => void members.refetch()} />;
  const set = (user_id: string, role: Role | null) =>
    act(() => {
      const at = { params: { path: { project_id: project, user_id } } };
      return api.PUT("/api/v1/projects/{project_id}/members/{user_id}", { ...at, body: { role } });
    });
  return (
    <Group title="Members">
      {members.data.length === 0 ? (
        <p className="px-3 text-quiet">Nobody is in it by themselves.</p>
      ) : (
        <Table label="Members" heads={["Name", "Address", "Role"]} hasActions>
          {members.data.map((one) => (
            <MemberRow key={one.user_id} member={one} set={(role) => void set(one.user_id, role)} />
          ))}
        </Table>
      )}
      {me.data?.is_admin ? (
        <NewMember members={members.data} add={set} />
      ) : (
        <p className="mt-2 px-3 text-quiet">Ask somebody new in below; an administrator can add who has an account already.</p>
      )}
    </Group>
  );
}

function MemberRow({ member, set }: { member: Member; set: (role: Role | null) => void }) {
  return (
    <Row>
      <RowHead>{member.name}</RowHead>
      <Cell look="text-quiet wrap-anywhere">{member.email}</Cell>
      <Cell>
        <RoleChoice of={member.name} role={member.role} onRole={set} />
      </Cell>
      <Actions>
        <Question
          title={`Take ${member.name} out?`}
          about="They do not see the project any more, unless they are in it by a team. What they did stays."
          action="Take out"
          trigger={<RowButton of={member.name}>Take out</RowButton>}
          onYes={() => set(null)}
        />
      </Actions>
    </Row>
  );
}

function NewMember({ members, add }: { members: Member[]; add: (user: string, role: Role) => Promise<unknown> }) {
  const [role, setRole] = useState<Role>("artist");
  const users = useUsers();
  const others = (users.data ?? []).filter((one) => one.is_active && members.every((member) => member.user_id !== one.id));
  const options = Object.fromEntries(others.map((one) => [one.id, `${one.name} (${one.email})`]));
  return (
    <div className="mt-2 max-w-160 px-3">
      <AddFrom label="New member" options={options} action="Add" onAdd={(user) => add(user, role)}>
        <RoleChoice of="the new member" role={role} onRole={setRole} />
      </AddFrom>
    </div>
  );
}
