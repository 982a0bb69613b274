import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { api, ask } from "../api/client";
import { Door, Field, Form } from "../parts/form";
import { session } from "../session/session";

/** The way in, by password or by a provider; what a provider brings back is behind the address's “#”. */
export function SignIn() {
  const { hash, pathname } = useLocation();
  const navigate = useNavigate();
  const [problem, setProblem] = useState("");
  const providers = useQuery({ queryKey: ["sso"], queryFn: () => ask(api.GET("/api/v1/sso")) });

  useEffect(() => {
    const brought = new URLSearchParams(hash.slice(1));
    const refresh = brought.get("refresh");
    setProblem(brought.get("problem") ?? "");
    if (refresh !== null) {
      void navigate("/", { replace: true });
      session.adopt(refresh);
    }
  }, [hash, navigate]);

  const logIn = async (values: Record<string, string>) => {
    const body = { email: values.email ?? "", password: values.password ?? "" };
    session.open(await ask(api.POST("/api/v1/login", { body })));
    if (pathname === "/sign-in") await navigate("/", { replace: true });
  };
  return (
    <Door title="Log in to the roto hub">
      {problem && (
        <p role="alert" className="mb-4 text-bad">
          {problem}
        </p>
      )}
      <Form action="Log in" send={logIn}>
        <Field name="email" label="Address" type="email" autoComplete="username" />
        <Field name="password" label="Password" type="password" autoComplete="current-password" />
      </Form>
      {providers.data?.map((one) => (
        <a key={one.id} className="button mt-3 w-full justify-center" href={`/api/v1/sso/${one.id}`}>
          Log in with {one.name}
        </a>
      ))}
    </Door>
  );
}
