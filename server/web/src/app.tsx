import { useQuery } from "@tanstack/react-query";
import { Navigate, Route, Routes, useLocation } from "react-router";
import { api, ask } from "./api/client";
import { Frame } from "./parts/frame";
import { Loading, Wrong } from "./parts/states";
import { useHasLapsed, useIsLoggedIn } from "./session/use-session";
import { ProjectSettings } from "./views/admin/project-settings";
import { Studio } from "./views/admin/studio";
import { Dashboard } from "./views/dashboard/dashboard";
import { Invitation } from "./views/invitation";
import { Jobs } from "./views/jobs/jobs";
import { LogInAgain } from "./views/log-in-again";
import { Profile } from "./views/profile";
import { Projects } from "./views/projects";
import { ReviewQueue } from "./views/review-queue";
import { SetUp } from "./views/set-up";
import { ShotView } from "./views/shot/shot";
import { Shots } from "./views/shots/shots";
import { SignIn } from "./views/sign-in";

/** Which view an address is; whoever is not logged in sees the way in. */
export function App() {
  const isLoggedIn = useIsLoggedIn();
  const hasLapsed = useHasLapsed();
  const { pathname, hash } = useLocation();
  const setUp = useQuery({ queryKey: ["setup"], queryFn: () => ask(api.GET("/api/v1/setup")) });
  if (setUp.isPending) return <Loading what="the hub" />;
  if (setUp.isError) return <Wrong error={setUp.error} retry={() => void setUp.refetch()} />;
  if (!setUp.data.is_set_up) return <SetUp />;
  const isBroughtBack = pathname === "/sign-in" && hash !== ""; // by a provider, also where an old log-in is kept
  if (!isLoggedIn || isBroughtBack) {
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
        <Route path="/review" element={<ReviewQueue />} />
        <Route path="/jobs" element={<Jobs />} />
        <Route path="/dashboard" element={<Dashboard />} />
        <Route path="/projects/:projectId/dashboard" element={<Dashboard />} />
        <Route path="/projects/:projectId/settings/*" element={<ProjectSettings />} />
        <Route path="/admin/*" element={<Studio />} />
        <Route path="/profile" element={<Profile />} />
        <Route path="*" element={<Navigate to="/" replace />} />
      </Routes>
      {hasLapsed && <LogInAgain />}
    </Frame>
  );
}
