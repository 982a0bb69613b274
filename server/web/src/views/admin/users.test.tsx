import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { answer, onPage } from "./on-page";
import { Users } from "./users";

const SOMEBODY = { is_admin: false, is_active: true, wants_mail: true, revision: 7 };
const BOB = { ...SOMEBODY, id: "bob", name: "Bob", email: "bob@studio.example" };
const ADA = { ...SOMEBODY, id: "ada", name: "Ada", email: "ada@studio.example", is_admin: true };

test("a user is changed as they were seen, and what is not ticked is taken away", async () => {
  answer("GET", { "/api/v1/users": () => [ADA, BOB] });
  const sent = answer("PATCH", { "/api/v1/users/{user_id}": () => BOB });
  onPage(<Users />);
  fireEvent.click(await screen.findByRole("button", { name: "Change Bob" }));
  const dialog = within(screen.getByRole("dialog"));
  fireEvent.click(dialog.getByLabelText(/^Administrator/));
  fireEvent.click(dialog.getByLabelText(/^Active/));
  fireEvent.click(dialog.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(sent).toEqual([
    {
      params: { path: { user_id: "bob" } },
      headers: { "If-Match": '"7"' },
      body: { name: "Bob", is_admin: true, is_active: false },
    },
  ]);
});

test("what the hub refuses is said in the window, which stays", async () => {
  answer("GET", { "/api/v1/users": () => [ADA] });
  answer("PATCH", {
    "/api/v1/users/{user_id}": () => {
      throw new Error("This is the last administrator.");
    },
  });
  onPage(<Users />);
  fireEvent.click(await screen.findByRole("button", { name: "Change Ada" }));
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  expect((await screen.findByRole("alert")).textContent).toBe("This is the last administrator.");
  expect(screen.getByRole("dialog")).toBeTruthy();
});

test("people are found by a part of their name or address", async () => {
  answer("GET", { "/api/v1/users": () => [ADA, BOB] });
  onPage(<Users />);
  const search = await screen.findByLabelText("Search users");
  fireEvent.keyDown(document.body, { key: "/" });
  expect(document.activeElement).toBe(search);
  fireEvent.change(search, { target: { value: "BOB@" } });
  expect(screen.queryByText("Ada")).toBeNull();
  expect(screen.getByText("1 of 2")).toBeTruthy();
  fireEvent.change(search, { target: { value: "nobody" } });
  expect(screen.getByText("Nobody is called that.")).toBeTruthy();
});
