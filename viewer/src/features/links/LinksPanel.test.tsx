// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiError } from "../../api/errors";
import { FakeClient } from "../../api/fake";
import { createViewer, type Viewer } from "../../state/viewer";
import { createTransient, ViewerContext } from "../useViewer";
import { LinksPanel } from "./LinksPanel";

const CONFIG = { id: "0", title: "made-up", root: "/", capability: "", version: "0", sharing: true };

let client: FakeClient;
let viewer: Viewer;

beforeEach(() => {
  client = new FakeClient();
  viewer = createViewer(CONFIG, { client });
  Element.prototype.scrollTo = () => {};
});

afterEach(() => {
  cleanup();
  viewer.dispose();
  vi.unstubAllGlobals();
});

async function show() {
  render(
    <ViewerContext value={{ viewer, transient: createTransient() }}>
      <LinksPanel />
    </ViewerContext>,
  );
  await screen.findByText(/No links|until/);
}

const press = (name: string | RegExp) => fireEvent.click(screen.getByRole("button", { name }));
const address = () => screen.findByLabelText<HTMLInputElement>("Address of the new link");

it("makes a link with a note and a time, shows its address once and lists it", async () => {
  await show();
  fireEvent.change(screen.getByLabelText("Expires after"), { target: { value: "30d" } });
  fireEvent.change(screen.getByLabelText("Note to yourself"), { target: { value: "<b>Ann</b>" } });
  press("Create link");
  expect((await address()).value).toContain("/cxg/s/0000000000000001#k=secret");
  expect(client.wishes[0]).toMatchObject({ expires: "30d", note: "<b>Ann</b>", state: viewer.committed() });
  expect(await screen.findByText("<b>Ann</b>")).toBeTruthy(); // text, not markup
  expect(screen.getByText(/ssh -N -L/)).toBeTruthy(); // these tests run on localhost
  expect(screen.getByLabelText<HTMLInputElement>("Note to yourself").value).toBe("");
});

it("copies the address, or says how to", async () => {
  await show();
  press("Create link");
  const { value } = await address();
  const written: string[] = [];
  vi.stubGlobal("navigator", { clipboard: { writeText: async (text: string) => written.push(text) } });
  press("Copy");
  expect(await screen.findByRole("button", { name: "Copied" })).toBeTruthy();
  expect(written).toEqual([value]);
  vi.stubGlobal("navigator", {});
  document.execCommand = () => false;
  press("Copied");
  expect(await screen.findByText(/press Ctrl C/)).toBeTruthy();
});

it("revokes at the second press, and forgets the address", async () => {
  await show();
  press("Create link");
  await address();
  press("Revoke this link");
  expect(client.links).toHaveLength(1);
  press("Really revoke this link");
  expect(await screen.findByText("No links to this dataset yet.")).toBeTruthy();
  expect(screen.queryByLabelText("Address of the new link")).toBeNull();
  expect(client.links).toEqual([]);
});

it("offers no longer time than the server allows", async () => {
  client.call = (async () => ({ links: [], max_days: 8 })) as FakeClient["call"];
  await show();
  const offered = screen.getAllByRole("option").map((option) => option.textContent);
  expect(offered).toEqual(["1 day", "7 days"]);
});

it("says what it waits for", async () => {
  await show();
  let answer = (): void => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { call } = FakeClient.prototype;
  client.call = (async (...asked: Parameters<FakeClient["call"]>) => {
    if (asked[0] === "POST") await answered;
    return call.apply(client, asked);
  }) as FakeClient["call"];
  press("Create link");
  expect(screen.getByRole("progressbar", { name: "Making the link" })).toBeTruthy();
  expect(screen.getByText("Making the link…")).toBeTruthy();
  answer();
  await address();
  expect(screen.queryByRole("progressbar")).toBeNull();
});

it("says what went wrong beside the button", async () => {
  await show();
  client.refuse(
    "links",
    new ApiError("too_large", "There are 1000 links to this view already: revoke some."),
  );
  press("Create link");
  expect((await screen.findByRole("alert")).textContent).toContain("revoke some");
});
