import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createBrowserRouter, RouterProvider } from "react-router";
import { Problem } from "./api/client";
import { App } from "./app";
import { Toasts } from "./parts/toasts";
import { session } from "./session/session";
import "./styles.css";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // Only what may be different the next time is asked again.
      retry: (count, error) => count < 3 && !(error instanceof Problem && error.status >= 400 && error.status < 500),
    },
  },
});

// Whoever logs in next at this tab sees nothing of who was there before.
session.subscribe(() => session.isOpen || client.clear());

const shown = (
  <Toasts>
    <App />
  </Toasts>
);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={createBrowserRouter([{ path: "*", element: shown }])} />
    </QueryClientProvider>
  </StrictMode>,
);
