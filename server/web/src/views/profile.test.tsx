import { fireEvent, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { session } from "../session/session";
import { answer, onPage } from "./admin/on-page";
import { Profile } from "./profile";

const RIGHTS = { is_admin: false, is_active: true };
const ME = { ...RIGHTS, id: "ada", name: "Ada", email: "ada@studio.example", wants_mail: true, revision: 1 };

function account() {
  answer("GET", { "/api/v1/me": () => ME, "/api/v1/me/keys": () => [] });
}

test("who chooses another password stays logged in here", async () => {
  account();
  const tokens = { access: "a", refresh: "r", expires_s: 900 };
  const sent = answer("POST", { "/api/v1/me/password": () => null, "/api/v1/login": () => tokens });
  const open = vi.spyOn(session, "open").mockImplementation(() => undefined);
  onPage(<Profile />);
  fireEvent.change(await screen.findByLabelText(/^Password now/), { target: { value: "four words in a row" } });
  fireEvent.change(screen.getByLabelText(/^New password/), { target: { value: "four other words" } });
  fireEvent.click(screen.getByRole("button", { name: "Change the password" }));
  await screen.findByText(/^You have a new password/);
  expect(sent.map((one) => one.body)).toEqual([
    { old: "four words in a row", new: "four other words" },
    { email: ME.email, password: "four other words" },
  ]);
  expect(open).toHaveBeenCalledWith(tokens);
});

test("mail that is not wanted is not sent", async () => {
  account();
  const sent = answer("PATCH", { "/api/v1/me": () => ME });
  onPage(<Profile />);
  fireEvent.click(await screen.findByLabelText(/^Send me mail/));
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Saved.");
  expect(sent).toEqual([{ body: { name: "Ada", wants_mail: false } }]);
});

test("a key says what it may do and how long, and is shown once", async () => {
  account();
  const sent = answer("POST", { "/api/v1/me/keys": () => ({ key: "roto_secret" }) });
  onPage(<Profile />);
  fireEvent.click(await screen.findByRole("button", { name: "Make a key" }));
  expect(document.activeElement).toBe(screen.getByLabelText(/What it is for/));
  fireEvent.change(screen.getByLabelText(/What it is for/), { target: { value: "farm" } });
  fireEvent.change(screen.getByLabelText("It is good for"), { target: { value: "" } });
  fireEvent.click(screen.getByLabelText("change what you may change"));
  fireEvent.click(screen.getByRole("button", { name: "Make it" }));
  expect(((await screen.findByLabelText("The key")) as HTMLInputElement).value).toBe("roto_secret");
  expect(sent).toEqual([{ body: { name: "farm", scopes: ["read", "write"], days: null } }]);
});
