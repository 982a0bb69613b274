import { useQuery } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import { Field, Form } from "../parts/form";
import { session } from "../session/session";

interface Props {
  /** Whose address is there already. */
  email?: string;
  /** Whether a provider is opened in a tab of its own, so that this one keeps what it has. */
  staysHere?: boolean;
  onDone?: () => Promise<void>;
}

/** Logging in by password or by a provider. */
export function WaysIn({ email, staysHere, onDone }: Props) {
  const providers = useQuery({ queryKey: ["sso"], queryFn: () => ask(api.GET("/api/v1/sso")) });
  const logIn = async (values: Record<string, string>) => {
    const body = { email: values.email ?? "", password: values.password ?? "" };
    session.open(await ask(api.POST("/api/v1/login", { body })));
    await onDone?.();
  };
  return (
    <>
      <Form action="Log in" send={logIn}>
        <Field name="email" label="Address" type="email" autoComplete="username" defaultValue={email} />
        <Field name="password" label="Password" type="password" autoComplete="current-password" />
      </Form>
      {providers.data?.map((one) => (
        <a
          key={one.id}
          className="button mt-3 w-full justify-center"
          href={`/api/v1/sso/${one.id}`}
          target={staysHere ? "_blank" : undefined}
        >
          Log in with {one.name}
        </a>
      ))}
    </>
  );
}
