import { useQuery } from "@tanstack/react-query";
import { Navigate, Route, Routes } from "react-router";
import { api, ask } from "./api/client";
import { Frame } from "./parts/frame";
import { Loading, Wrong } from "./parts/states";
import { useIsLoggedIn } from "./session/use-session";
import { Invitation } from "./views/invitation";
import { Jobs } from "./views/jobs";
import { Projects } from "./views/projects";
import { SetUp } from "./views/set-up";
import { ShotView } from "./views/shot";
import { Shots } from "./views/shots";
import { SignIn } from "./views/sign-in";

/** Which view an address is; whoever is not logged in sees the way in. */
export function App() {
  const isLoggedIn = useIsLoggedIn();
  const setUp = useQuery({ queryKey: ["setup"], queryFn: () => ask(api.GET("/api/v1/setup")) });
  if (setUp.isPending) return <Loading what="the hub" />;
  if (setUp.isError) return <Wrong error={setUp.error} retry={() => void setUp.refetch()} />;
  if (!setUp.data.is_set_up) return <SetUp />;
  if (!isLoggedIn) {
    return (
      <Routes>
        <Route path="/invitation" element={<Invitation />} />
        <Route path="*" element={<SignIn />} />
      </Routes>
    );
  }
  return (
    <Frame>
      <Routes>
        <Route path="/" element={<Projects />} />
        <Route path="/projects/:projectId" element={<Shots />} />
        <Route path="/projects/:projectId/shots/:shotId" element={<ShotView />} />
        <Route path="/jobs" element={<Jobs />} />
        <Route path="*" element={<Navigate to="/" replace />} />
      </Routes>
    </Frame>
  );
}
