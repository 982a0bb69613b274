import { useQueryClient } from "@tanstack/react-query";
import { Dialog } from "radix-ui";
import type { User } from "../api/client";
import { session } from "../session/session";
import { WaysIn } from "./ways-in";

/** Over everything where the hub ended a log-in; what is behind it stays as it is, unseen, and goes on after it. */
export function LogInAgain() {
  const me = useQueryClient().getQueryData<User>(["me"]);
  return (
    <Dialog.Root open>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-room" />
        <Dialog.Content
          className="panel fixed top-1/2 left-1/2 z-50 w-96 max-w-[95vw] -translate-x-1/2 -translate-y-1/2 p-8"
          onEscapeKeyDown={(event) => event.preventDefault()}
          onInteractOutside={(event) => event.preventDefault()}
        >
          <Dialog.Title className="mb-2 text-lg font-semibold">Your log-in has ended</Dialog.Title>
          <Dialog.Description className="mb-6 text-quiet">
            Log in again{me && ` as ${me.name}`}, and go on where you were. What you did here and did not send is lost when somebody else logs in, or
            you log out.
          </Dialog.Description>
          <WaysIn email={me?.email} staysHere />
          <button className="button mt-3 w-full justify-center" onClick={() => session.close()}>
            Log out
          </button>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
