import { useState } from "react";
import { api, type User } from "../../api/client";
import { Field } from "../../parts/form";
import { Empty, Loading, Wrong } from "../../parts/states";
import { useSay } from "../../parts/toasts";
import { useUsers } from "./asked-often";
import { FormDialog } from "./form-dialog";
import { Line, Tick } from "./inputs";
import { RowButton } from "./row-button";
import { SearchBox } from "./search-box";
import { SectionHead } from "./sections";
import { Actions, Cell, Row, RowHead, Table } from "./table";

/** Everybody who can log in. */
export function Users() {
  const [search, setSearch] = useState("");
  const users = useUsers();
  if (users.isPending) return <Loading what="users" />;
  if (users.isError) return <Wrong error={users.error} retry={() => void users.refetch()} />;
  const found = users.data.filter((one) => `${one.name} ${one.email}`.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <>
      <SectionHead title="Users" about={`${found.length} of ${users.data.length}`}>
        <SearchBox label="Search users" placeholder="Name or address" value={search} onValue={setSearch} />
        <NewUser />
      </SectionHead>
      {found.length === 0 ? (
        <Empty title="Nobody is called that.">Search for something else.</Empty>
      ) : (
        <Table label="Users" heads={["Name", "Address", "Rights", "Account"]} hasActions>
          {found.map((user) => (
            <UserRow key={user.id} user={user} />
          ))}
        </Table>
      )}
    </>
  );
}

function UserRow({ user }: { user: User }) {
  return (
    <Row>
      <RowHead>{user.name}</RowHead>
      <Cell look="text-quiet wrap-anywhere">{user.email}</Cell>
      <Cell>{user.is_admin ? "Administrator" : ""}</Cell>
      <Cell look={user.is_active ? "text-quiet" : "text-wait"}>{user.is_active ? "active" : "closed"}</Cell>
      <Actions>
        <ChangeUser user={user} />
        <ResetPassword user={user} />
      </Actions>
    </Row>
  );
}

function NewUser() {
  const send = (values: Record<string, string>) => {
    const { name = "", email = "", password = "", is_admin } = values;
    return api.POST("/api/v1/users", { body: { name, email, password, is_admin: is_admin === "on" } });
  };
  const trigger = <button className="button-main">Add a user</button>;
  return (
    <FormDialog title="Add a user" trigger={trigger} action="Add" send={send} stale={["users"]}>
      <Field name="name" label="Name" autoComplete="off" />
      <Field name="email" label="Address" type="email" autoComplete="off" />
      <Field name="password" label="First password" hint="At least 12 characters; they can change it." autoComplete="off" />
      <Tick name="is_admin" label="Administrator" hint="May do everything in every project." />
    </FormDialog>
  );
}

function ChangeUser({ user }: { user: User }) {
  const send = ({ name, is_admin, is_active }: Record<string, string>) =>
    api.PATCH("/api/v1/users/{user_id}", {
      params: { path: { user_id: user.id } },
      headers: { "If-Match": `"${user.revision}"` },
      body: { name, is_admin: is_admin === "on", is_active: is_active === "on" },
    });
  return (
    <FormDialog
      title={user.email}
      trigger={<RowButton of={user.name}>Change</RowButton>}
      action="Save"
      send={send}
      stale={["users", "me", "members", "people"]}
    >
      <Line name="name" label="Name" defaultValue={user.name} />
      <Tick name="is_admin" label="Administrator" isOn={user.is_admin} hint="May do everything in every project." />
      <Tick name="is_active" label="Active" isOn={user.is_active} hint="May log in. What a closed account did stays." />
    </FormDialog>
  );
}

function ResetPassword({ user }: { user: User }) {
  const say = useSay();
  const send = async ({ password = "" }: Record<string, string>) => {
    const at = { params: { path: { user_id: user.id } } };
    await api.POST("/api/v1/users/{user_id}/password", { ...at, body: { new: password } });
    say(`${user.name} has a new password.`);
  };
  return (
    <FormDialog
      title={`A new password for ${user.name}`}
      trigger={<RowButton of={user.name}>New password</RowButton>}
      action="Set it"
      send={send}
      stale={[]}
    >
      <Field
        name="password"
        label="New password"
        hint="At least 12 characters. Wherever they are logged in, they have to log in again."
        autoComplete="off"
      />
    </FormDialog>
  );
}
