import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render } from "@testing-library/react";
import type { ReactNode } from "react";
import { MemoryRouter, useLocation } from "react-router";
import { afterEach, vi } from "vitest";
import { api } from "../../api/client";
import { Toasts } from "../../parts/toasts";

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

/** Shows a view in a test as the page would. */
export function onPage(view: ReactNode): void {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <MemoryRouter>
        <Toasts>{view}</Toasts>
        <Address />
      </MemoryRouter>
    </QueryClientProvider>,
  );
}

function Address() {
  return <output data-testid="address">{useLocation().search}</output>;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
/** What a request says beside its address, as far as tests look at it. */
interface Said {
  params?: { query?: Record<string, unknown>; path?: Record<string, unknown> };
  headers?: Record<string, string>;
  body?: Record<string, unknown>;
}

/** Answers requests of a method by their addresses; gives what was asked. */
export function answer(method: Method, answers: Record<string, (said: Said) => unknown>): Said[] {
  const asked: Said[] = [];
  const speak = (path: string, said: Said = {}) => {
    asked.push(said);
    const give = answers[path];
    return give ? Promise.resolve({ data: give(said) }) : Promise.reject(new Error(`Nobody answers at ${path}.`));
  };
  vi.spyOn(api, method).mockImplementation(speak as never);
  return asked;
}
