import { useQueryClient } from "@tanstack/react-query";
import { api, ask, type User } from "../api/client";
import { Field, Form } from "../parts/form";
import { Loading, Wrong } from "../parts/states";
import { useSay } from "../parts/toasts";
import { session } from "../session/session";
import { ApiKeys } from "./admin/api-keys";
import { Line, Tick } from "./admin/inputs";
import { useMe } from "./admin/asked-often";

/** One's own account. */
export function Profile() {
  const me = useMe();
  if (me.isPending) return <Loading what="your account" />;
  if (me.isError) return <Wrong error={me.error} retry={() => void me.refetch()} />;
  return (
    <div className="mx-auto grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-8 p-4 lg:p-8">
      <h1 className="text-lg font-semibold">Your account</h1>
      <div className="grid grid-cols-1 items-start gap-6 md:grid-cols-2">
        <You me={me.data} />
        <Password me={me.data} />
      </div>
      <ApiKeys />
    </div>
  );
}

function You({ me }: { me: User }) {
  const client = useQueryClient();
  const say = useSay();
  const save = async ({ name, wants_mail }: Record<string, string>) => {
    await api.PATCH("/api/v1/me", { body: { name, wants_mail: wants_mail === "on" } });
    await client.invalidateQueries({ queryKey: ["me"] });
    say("Saved.");
  };
  return (
    <section aria-label="You" className="panel p-4">
      <p className="mb-4 text-quiet">{me.email}</p>
      <Form action="Save" send={save}>
        <Line name="name" label="Name" defaultValue={me.name} autoComplete="name" />
        <Tick
          name="wants_mail"
          label="Send me mail"
          isOn={me.wants_mail}
          hint="Of shots that are given to you, notes, judgements and jobs. The page tells you anyway."
        />
      </Form>
    </section>
  );
}

/** Another password; the log-in in this browser goes on, all others end. */
function Password({ me }: { me: User }) {
  const say = useSay();
  const change = async ({ old = "", next = "" }: Record<string, string>) => {
    await api.POST("/api/v1/me/password", { body: { old, new: next } });
    session.open(await ask(api.POST("/api/v1/login", { body: { email: me.email, password: next } })));
    say("You have a new password. Wherever else you were logged in, you are not any more.");
  };
  return (
    <section aria-label="Password" className="panel p-4">
      <Form action="Change the password" send={change}>
        <Line
          name="old"
          label="Password now"
          type="password"
          hint="Empty if you never had one."
          autoComplete="current-password"
        />
        <Field name="next" label="New password" type="password" hint="At least 12 characters." autoComplete="new-password" />
      </Form>
    </section>
  );
}
