import { useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import { Door, Field, Form } from "../parts/form";
import { session } from "../session/session";

/** The first administrator, on a hub that nobody used yet. */
export function SetUp() {
  const client = useQueryClient();
  const setUp = async (values: Record<string, string>) => {
    const who = { email: values.email ?? "", password: values.password ?? "" };
    await api.POST("/api/v1/setup", { body: { ...who, name: values.name ?? "" } });
    session.open(await ask(api.POST("/api/v1/login", { body: who })));
    await client.invalidateQueries({ queryKey: ["setup"] });
  };
  return (
    <Door title="Set up the roto hub">
      <Form action="Begin" send={setUp}>
        <p className="text-quiet">You become its first administrator.</p>
        <Field name="name" label="Your name" autoComplete="name" />
        <Field name="email" label="Address" type="email" autoComplete="username" />
        <Field name="password" label="Password" type="password" hint="At least 12 characters." autoComplete="new-password" />
      </Form>
    </Door>
  );
}
