import { expect, test } from "vitest";
import { isFiltered, wantedOf } from "./address";

test("an address says what is wanted, and what it does not know is left out", () => {
  const wanted = wantedOf(new URLSearchParams("search=sh0&review=pending&sort=-frames&view=grid&state=ready"));
  expect(wanted).toEqual({ search: "sh0", state: "ready", review: "pending", assignee: "", sort: "-frames", view: "grid" });
  const odd = wantedOf(new URLSearchParams("review=maybe&sort=colour&view=wall"));
  expect(odd).toEqual({ search: "", state: "", review: "", assignee: "", sort: "name", view: "list" });
  expect([isFiltered(wanted), isFiltered(odd)]).toEqual([true, false]);
});
