import { useQuery } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import type { Role } from "../../api/people";
import { Question } from "../../parts/dialog";
import { Field } from "../../parts/form";
import { Loading, Wrong } from "../../parts/states";
import { useAct } from "../../parts/toasts";
import { Group } from "./group";
import { Choice } from "./inputs";
import { Moment } from "./moment";
import { ROLES } from "./roles";
import { RowButton } from "./row-button";
import { SecretDialog } from "./secret-dialog";
import { Actions, Cell, Row, RowHead, Table } from "./table";

export function useInvitations(project: string) {
  const at = { params: { path: { project_id: project } } };
  return useQuery({
    queryKey: ["invitations", project],
    queryFn: () => ask(api.GET("/api/v1/projects/{project_id}/invitations", at)),
  });
}

/** Who was asked into a project and did not come yet. */
export function Invitations({ project }: { project: string }) {
  const act = useAct("invitations");
  const invitations = useInvitations(project);
  if (invitations.isPending) return <Loading what="invitations" />;
  if (invitations.isError) return <Wrong error={invitations.error} retry={() => void invitations.refetch()} />;
  const withdraw = (invitation_id: string) =>
    act(() => {
      const at = { params: { path: { project_id: project, invitation_id } } };
      return api.DELETE("/api/v1/projects/{project_id}/invitations/{invitation_id}", at);
    });
  return (
    <Group title="Open invitations" action={<NewInvitation project={project} />}>
      {invitations.data.length === 0 ? (
        <p className="px-3 text-quiet">None is open.</p>
      ) : (
        <Table label="Open invitations" heads={["Address", "Role", "Good until"]} hasActions>
          {invitations.data.map((one) => (
            <Row key={one.id}>
              <RowHead>{one.email}</RowHead>
              <Cell>{ROLES[one.role as Role]}</Cell>
              <Cell look="text-quiet">
                <Moment at={one.expires_at} />
              </Cell>
              <Actions>
                <Question
                  title={`Take the invitation of ${one.email} back?`}
                  about="The link that they were given does not work any more."
                  action="Take it back"
                  trigger={<RowButton of={`the invitation of ${one.email}`}>Withdraw</RowButton>}
                  onYes={() => void withdraw(one.id)}
                />
              </Actions>
            </Row>
          ))}
        </Table>
      )}
    </Group>
  );
}

function NewInvitation({ project }: { project: string }) {
  const make = async ({ email = "", role }: Record<string, string>) => {
    const at = { params: { path: { project_id: project } } };
    const body = { email, role: role as Role };
    const { token } = await ask(api.POST("/api/v1/projects/{project_id}/invitations", { ...at, body }));
    return `${location.origin}/invitation#${token}`;
  };
  return (
    <SecretDialog
      title="Ask somebody in"
      trigger={<button className="button">Ask somebody in</button>}
      action="Make the invitation"
      make={make}
      label="The link by which they come in, good for a week"
      stale="invitations"
    >
      <Field name="email" label="Address" type="email" autoComplete="off" />
      <Choice name="role" label="Role" options={ROLES} defaultValue="artist" />
    </SecretDialog>
  );
}
