import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Popover } from "radix-ui";
import { type ReactNode, useEffect, useState } from "react";
import { Link, NavLink } from "react-router";
import { api, ask } from "../api/client";
import { followEvents } from "../api/live";
import { session } from "../session/session";
import { Help } from "./help";
import { ReviewCount } from "./review-count";

/** What is around every view: where one is, what is new, who one is. */
export function Frame({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [isUp, setIsUp] = useState(true);
  useEffect(() => followEvents(client, setIsUp), [client]);
  const me = useQuery({ queryKey: ["me"], queryFn: () => ask(api.GET("/api/v1/me")) });
  return (
    <div className="flex h-full flex-col">
      <header className="flex flex-wrap items-center gap-x-6 gap-y-2 border-b border-line bg-panel px-4 py-2 whitespace-nowrap">
        <Link to="/" className="font-semibold max-sm:hidden">
          Roto hub
        </Link>
        <nav aria-label="Main" className="flex flex-wrap gap-x-3 sm:gap-x-4">
          <Place to="/">Projects</Place>
          <Place to="/review">
            Review
            <ReviewCount />
          </Place>
          <Place to="/jobs">Jobs</Place>
          <Place to="/dashboard">Dashboard</Place>
          {me.data?.is_admin && <Place to="/admin">Studio</Place>}
        </nav>
        <div className="ml-auto flex max-w-full flex-wrap items-center gap-x-3 gap-y-2 sm:gap-x-4">
          {!isUp && (
            <span role="status" className="text-wait">
              The connection is gone; trying again …
            </span>
          )}
          <Notices />
          <Help />
          <Link to="/profile" className="max-w-20 truncate text-quiet hover:text-text hover:underline sm:max-w-32 xl:max-w-64" title={me.data?.name}>
            {me.data?.name}
          </Link>
          <button className="button" onClick={() => session.close()}>
            Log out
          </button>
        </div>
      </header>
      <main className="min-h-0 flex-1 overflow-auto">{children}</main>
    </div>
  );
}

function Place({ to, children }: { to: string; children: ReactNode }) {
  const style = ({ isActive }: { isActive: boolean }) => (isActive ? "text-text" : "text-quiet hover:text-text");
  return (
    <NavLink to={to} end={to === "/"} className={style}>
      {children}
    </NavLink>
  );
}

function Notices() {
  const client = useQueryClient();
  const unread = { params: { query: { unread: true } } };
  const notices = useQuery({ queryKey: ["notices"], queryFn: () => ask(api.GET("/api/v1/notices", unread)) });
  const found = notices.data ?? [];
  const read = async () => {
    await api.POST("/api/v1/notices/read", { body: { up_to: found[0]?.id ?? 0 } });
    await client.invalidateQueries({ queryKey: ["notices"] });
  };
  return (
    <Popover.Root>
      <Popover.Trigger className="button">
        News {found.length > 0 && <span className="rounded bg-accent px-1.5 text-black">{found.length}</span>}
        <span className="sr-only">{found.length} unread</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content align="end" sideOffset={6} className="panel z-10 max-h-[70vh] w-96 max-w-[95vw] overflow-auto p-2 wrap-anywhere shadow-xl">
          {found.length === 0 && <p className="p-3 text-quiet">Nothing new.</p>}
          <ul>
            {found.map((notice) => (
              <li key={notice.id}>
                <Link className="block rounded p-2 hover:bg-raised" to={linkOf(notice.project_id, notice.shot_id)}>
                  {notice.text}
                </Link>
              </li>
            ))}
          </ul>
          {found.length > 0 && (
            <button className="button mt-2 w-full justify-center" onClick={() => void read()}>
              All read
            </button>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function linkOf(project: string | null, shot: string | null): string {
  return `/projects/${project ?? ""}${shot ? `/shots/${shot}` : ""}`;
}
