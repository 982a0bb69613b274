import { useLocation, useNavigate } from "react-router";
import { api, ask } from "../api/client";
import { Door, Field, Form } from "../parts/form";
import { session } from "../session/session";

/** Somebody who was asked in chooses a name and a password; the token is behind the address's “#”. */
export function Invitation() {
  const token = useLocation().hash.slice(1);
  const navigate = useNavigate();
  const accept = async (values: Record<string, string>) => {
    const password = values.password ?? "";
    const user = await ask(
      api.POST("/api/v1/invitations/accept", { body: { token, name: values.name ?? "", password } }),
    );
    session.open(await ask(api.POST("/api/v1/login", { body: { email: user.email, password } })));
    await navigate("/", { replace: true });
  };
  return (
    <Door title="You are asked in">
      <Form action="Come in" send={accept}>
        <Field name="name" label="Your name" autoComplete="name" />
        <Field
          name="password"
          label="Password"
          type="password"
          hint="At least 12 characters. If you have an account by now: its password."
          autoComplete="new-password"
        />
      </Form>
    </Door>
  );
}
