// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ErrorBoundary } from "./ErrorBoundary";

let broken = true;

function Chips() {
  if (broken) throw new Error("Out of chips");
  return <p>chips</p>;
}

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

it("keeps an error in the part that failed, which can be tried again", () => {
  render(
    <ErrorBoundary part="The plot">
      <p>points</p>
      <ErrorBoundary part="The list of filters">
        <Chips />
      </ErrorBoundary>
    </ErrorBoundary>,
  );
  expect(screen.getByText("points")).toBeTruthy();
  expect(screen.getByRole("alert").textContent).toMatch(/^The list of filters could not be drawn/);
  broken = false;
  fireEvent.click(screen.getByRole("button", { name: "Retry" }));
  expect(screen.getByText("chips")).toBeTruthy();
});
