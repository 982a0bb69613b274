import { useQueryClient } from "@tanstack/react-query";
import { Toast } from "radix-ui";
import { createContext, type ReactNode, useCallback, useContext, useState } from "react";
import { sentenceOf } from "../api/client";

interface Said {
  id: number;
  text: string;
  isFault: boolean;
}

export type Say = (text: string, isFault?: boolean) => void;
type Act = (act: () => Promise<unknown>, done?: string) => Promise<boolean>;

const Saying = createContext<Say>(() => undefined);
const SHOWN_MS = 5000;
const DOUBLE_CLICK_MS = 500;
let last = 0;

/** Short messages at the edge of the page: what was done, and what could not be. Faults stay until they are closed. */
export function Toasts({ children }: { children: ReactNode }) {
  const [all, setAll] = useState<Said[]>([]);
  const say = useCallback<Say>((text, isFault = false) => setAll((now) => [...now, { id: ++last, text, isFault }]), []);
  return (
    <Saying value={say}>
      <Toast.Provider label="Message">
        {children}
        {all.map(({ id, text, isFault }) => (
          <Toast.Root
            key={id}
            type={isFault ? "foreground" : "background"}
            duration={isFault ? Infinity : SHOWN_MS}
            onOpenChange={(isOpen) => isOpen || setAll((now) => now.filter((one) => one.id !== id))}
            className={`panel flex items-start gap-3 p-3 shadow-xl ${isFault ? "border-bad" : ""}`}
          >
            <Toast.Description className="min-w-0 flex-1 wrap-anywhere">{text}</Toast.Description>
            <Toast.Close aria-label="Close the message" className="text-quiet hover:text-text">
              ✕
            </Toast.Close>
          </Toast.Root>
        ))}
        <Toast.Viewport className="fixed bottom-4 left-1/2 z-30 flex w-96 max-w-[95vw] -translate-x-1/2 flex-col gap-2" />
      </Toast.Provider>
    </Saying>
  );
}

export function useSay(): Say {
  return useContext(Saying);
}

/** Does something that the hub may refuse: what it changes is asked again, and its fault is said. Answers whether it was
 * done. */
export function useAct(...stale: string[]): Act {
  const client = useQueryClient();
  const say = useSay();
  const names = stale.join();
  return useCallback(
    async (act, done) => {
      try {
        await act();
        if (done) say(done);
        return true;
      } catch (error) {
        say(sentenceOf(error), true);
        return false;
      } finally {
        for (const name of names.split(",")) void client.invalidateQueries({ queryKey: [name] });
      }
    },
    [client, say, names],
  );
}

/** The same for what a double click must not do twice, and whether it is busy: until it was done, and so long as a second
 * click may still belong to the first. */
export function useActOnce(...stale: string[]): [act: Act, isBusy: boolean] {
  const act = useAct(...stale);
  const [isBusy, setIsBusy] = useState(false);
  const actOnce: Act = async (doing, done) => {
    setIsBusy(true);
    const pause = new Promise((go) => setTimeout(go, DOUBLE_CLICK_MS));
    const wasDone = await act(doing, done);
    void pause.then(() => setIsBusy(false));
    return wasDone;
  };
  return [actOnce, isBusy];
}
