import { useQuery } from "@tanstack/react-query";
import { api, type ApiKey, ask } from "../../api/client";
import { Question } from "../../parts/dialog";
import { Field } from "../../parts/form";
import { Loading, Wrong } from "../../parts/states";
import { useAct } from "../../parts/toasts";
import { Group } from "./group";
import { Choice, Tick, Ticks } from "./inputs";
import { Moment } from "./moment";
import { RowButton } from "./row-button";
import { SecretDialog } from "./secret-dialog";
import { Actions, Cell, Row, RowHead, Table } from "./table";

const LASTS = { 30: "30 days", 90: "90 days", 365: "a year", "": "for ever" };
const SCOPES = { read: "read", write: "change" };

/** Keys by which one's programs speak to the hub. */
export function ApiKeys() {
  const keys = useQuery({ queryKey: ["keys"], queryFn: () => ask(api.GET("/api/v1/me/keys")) });
  if (keys.isPending) return <Loading what="your keys" />;
  if (keys.isError) return <Wrong error={keys.error} retry={() => void keys.refetch()} />;
  return (
    <Group title="API keys" action={<NewKey />}>
      {keys.data.length === 0 ? (
        <p className="px-3 text-quiet">You have none. A script or a render farm speaks to the hub by a key, as you.</p>
      ) : (
        <Table label="API keys" heads={["Name", "May", "Made", "Last used", "Good until"]} hasActions>
          {keys.data.map((key) => (
            <KeyRow key={key.id} of={key} />
          ))}
        </Table>
      )}
    </Group>
  );
}

function KeyRow({ of: key }: { of: ApiKey }) {
  const act = useAct("keys");
  const revoke = () => act(() => api.DELETE("/api/v1/me/keys/{key_id}", { params: { path: { key_id: key.id } } }));
  return (
    <Row>
      <RowHead>{key.name}</RowHead>
      <Cell>{key.scopes.map((scope) => SCOPES[scope as keyof typeof SCOPES] ?? scope).join(", ")}</Cell>
      <Cell look="text-quiet">
        <Moment at={key.created_at} isDay />
      </Cell>
      <Cell look="text-quiet">{key.used_at === null ? "never" : <Moment at={key.used_at} isDay />}</Cell>
      <Cell look="text-quiet">
        <Until at={key.expires_at} />
      </Cell>
      <Actions>
        <Question
          title={`Revoke “${key.name}”?`}
          about="Programs that use it are refused from now on."
          action="Revoke it"
          trigger={<RowButton of={key.name}>Revoke</RowButton>}
          onYes={() => void revoke()}
        />
      </Actions>
    </Row>
  );
}

function Until({ at }: { at: string | null }) {
  if (at === null) return "for ever";
  if (new Date(at) < new Date()) return <span className="text-bad">over</span>;
  return <Moment at={at} isDay />;
}

function NewKey() {
  const make = async ({ name = "", days, read, write }: Record<string, string>) => {
    const scopes = [...(read ? (["read"] as const) : []), ...(write ? (["write"] as const) : [])];
    if (scopes.length === 0) throw new Error("Choose what the key may do.");
    return (await ask(api.POST("/api/v1/me/keys", { body: { name, scopes, days: Number(days) || null } }))).key;
  };
  return (
    <SecretDialog
      title="Make an API key"
      trigger={<button className="button">Make a key</button>}
      action="Make it"
      make={make}
      label="The key"
      stale="keys"
    >
      <Field name="name" label="Name" hint="What it is for, as “render farm”." autoComplete="off" />
      <Ticks label="It may">
        <Tick name="read" label="read what you can see" isOn />
        <Tick name="write" label="change what you may change" />
      </Ticks>
      <Choice name="days" label="It is good for" options={LASTS} defaultValue="90" />
    </SecretDialog>
  );
}
