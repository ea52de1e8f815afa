// @vitest-environment jsdom
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { useAsked } from "./useAsked";

afterEach(cleanup);

it("has nothing, then the answer", async () => {
  const ask = async () => ["facts"];
  const { result } = renderHook(() => useAsked(ask));
  expect(result.current).toMatchObject({ found: null, error: null });
  await act(async () => {});
  expect(result.current.found).toEqual(["facts"]);
});

it("says why there is none, and asks again", async () => {
  const ask = vi.fn().mockRejectedValueOnce(new Error("It broke.")).mockResolvedValue(7);
  const { result } = renderHook(() => useAsked<number>(ask));
  await act(async () => {});
  expect(result.current).toMatchObject({ found: null, error: "It broke." });
  await act(async () => result.current.retry());
  expect(result.current).toMatchObject({ found: 7, error: null });
});

it("does not show the answer to an earlier question", async () => {
  let late: (value: string) => void = () => {};
  const slow = () => new Promise<string>((resolve) => (late = resolve));
  const quick = async () => "second";
  const { result, rerender } = renderHook(({ ask }) => useAsked(ask), { initialProps: { ask: slow } });
  rerender({ ask: quick });
  await act(async () => late("first"));
  expect(result.current.found).toBe("second");
});
