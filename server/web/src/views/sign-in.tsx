import { useEffect, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { Door } from "../parts/form";
import { session } from "../session/session";
import { WaysIn } from "./ways-in";

/** The way in, by password or by a provider; what a provider brings back is behind the address's “#”. */
export function SignIn() {
  const { hash, pathname } = useLocation();
  const navigate = useNavigate();
  const [problem, setProblem] = useState("");

  useEffect(() => {
    const brought = new URLSearchParams(hash.slice(1));
    const refresh = brought.get("refresh");
    setProblem(brought.get("problem") ?? "");
    if (refresh !== null) {
      void navigate("/", { replace: true });
      session.adopt(refresh);
    }
  }, [hash, navigate]);

  const goOn = async () => {
    if (pathname === "/sign-in") await navigate("/", { replace: true });
  };
  return (
    <Door title="Log in to the roto hub">
      {problem && (
        <p role="alert" className="mb-4 text-bad">
          {problem}
        </p>
      )}
      <WaysIn onDone={goOn} />
    </Door>
  );
}
