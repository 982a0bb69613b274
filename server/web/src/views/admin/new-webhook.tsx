import { api, ask } from "../../api/client";
import { Field } from "../../parts/form";
import { Choice, Tick, Ticks } from "./inputs";
import { type Kind, KINDS } from "./kinds";
import { SecretDialog } from "./secret-dialog";

const FORMS = { json: "JSON, signed", slack: "A line of text, for Slack, Mattermost and the like" };

/** Adds an address; the secret that signs what it is sent is shown once. */
export function NewWebhook({ projects }: { projects: Record<string, string> }) {
  const make = async ({ url = "", format, project, ...ticks }: Record<string, string>) => {
    const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) => ticks[kind] === "on");
    if (kinds.length === 0) throw new Error("Choose at least one thing that it is told of.");
    const body = { url, kinds, format: format === "slack" ? ("slack" as const) : ("json" as const), project_id: project || null };
    return (await ask(api.POST("/api/v1/webhooks", { body }))).secret;
  };
  return (
    <SecretDialog
      title="Add a webhook"
      trigger={<button className="button-main">Add a webhook</button>}
      action="Add it"
      make={make}
      label="The secret that signs what it is sent"
      stale="webhooks"
    >
      <Field name="url" label="Address" type="url" autoComplete="off" />
      <Choice name="format" label="Form" options={FORMS} />
      <Choice name="project" label="Project" options={{ "": "all projects", ...projects }} />
      <Ticks label="It is told of">
        {Object.entries(KINDS).map(([kind, words]) => (
          <Tick key={kind} name={kind} label={words} />
        ))}
      </Ticks>
    </SecretDialog>
  );
}
