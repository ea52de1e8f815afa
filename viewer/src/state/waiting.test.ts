import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../api/errors";
import { FakeClient } from "../api/fake";
import { createViewer, type Viewer } from "./viewer";

const CONFIG = {
  id: "0".repeat(16),
  title: "x.h5ad",
  root: "/cxg/d/0/",
  capability: "c",
  version: "0",
  opening: true,
};

let viewer: Viewer;
afterEach(() => {
  viewer.dispose();
  vi.useRealTimers();
});

function opening(client = new FakeClient(), config: object = {}) {
  vi.useFakeTimers();
  client.status = { revision: 0, state: "opening", progress: { label: "Reading x.h5ad", fraction: 0.2 } };
  viewer = createViewer({ ...CONFIG, ...config }, { client });
  return { client, state: () => viewer.store.getState() };
}

describe("a file that is being opened", () => {
  it("shows how far that is and asks for nothing else", async () => {
    const { client, state } = opening();
    expect(state().opening).toEqual({ title: "x.h5ad", label: "Starting", fraction: 0 });
    await vi.advanceTimersByTimeAsync(600);
    expect(state().opening).toEqual({ title: "x.h5ad", label: "Reading x.h5ad", fraction: 0.2 });
    expect(new Set(client.asked)).toEqual(new Set(["status"]));
  });

  it("is shown as soon as it is there", async () => {
    const { client, state } = opening();
    await vi.advanceTimersByTimeAsync(10);
    client.status = { revision: 1, state: "publishing", progress: { label: "Copying X", fraction: 0 } };
    await vi.advanceTimersByTimeAsync(300);
    expect(state().opening).toBeNull();
    expect(state().dataset?.nObs).toBe(500);
  });

  it("begins with the view that the address asks for", async () => {
    const color = { kind: "gene", name: "CD3D" };
    const { client, state } = opening(new FakeClient(), { opening: false, state: { color, bla: 1 } });
    client.status = { revision: 1, state: "complete", progress: null };
    await vi.advanceTimersByTimeAsync(100);
    expect(state().view.color).toEqual(color);
  });

  it("that cannot be opened says why and what to do", async () => {
    const { client, state } = opening();
    await vi.advanceTimersByTimeAsync(10);
    client.refuse("status", new ApiError("unpublishable", "x.h5ad is cut short: copy it again."));
    await vi.advanceTimersByTimeAsync(300);
    expect(state().fatal).toEqual({
      title: "x.h5ad could not be opened",
      message: "x.h5ad is cut short: copy it again.",
      action: "Retry",
    });
  });

  it("can be given up", async () => {
    const { client, state } = opening();
    const call = vi.spyOn(client, "call").mockImplementation(async () => {
      client.refuse("status", new ApiError("unpublishable", "Opening x.h5ad was cancelled."));
      return undefined as never;
    });
    await vi.advanceTimersByTimeAsync(10);
    viewer.cancelOpening();
    expect(state().opening?.label).toBe("Cancelling");
    await vi.advanceTimersByTimeAsync(300);
    expect(call).toHaveBeenCalledWith("POST", "cancel");
    expect(state().fatal?.title).toBe("Opening was cancelled");
    expect(state().fatal?.action).toBe("Open again");
  });

  it("that is there before it could be given up is shown", async () => {
    const { client, state } = opening();
    vi.spyOn(client, "call").mockRejectedValue(new ApiError("not_found", "Nothing is being opened here."));
    await vi.advanceTimersByTimeAsync(10);
    viewer.cancelOpening();
    client.status = { revision: 1, state: "complete", progress: null };
    await vi.advanceTimersByTimeAsync(300);
    expect(state().fatal).toBeNull();
    expect(state().dataset).not.toBeNull();
  });
});

describe("a file that is still being copied", () => {
  it("says in its place when nothing comes of it", async () => {
    const { client, state } = opening(new FakeClient(), { opening: false });
    client.status = { revision: 1, state: "publishing", progress: { label: "Copying X", fraction: 0.5 } };
    await vi.advanceTimersByTimeAsync(100);
    expect(state().progress?.label).toBe("Copying X");
    client.refuse("status", new ApiError("unpublishable", "x.h5ad changed while it was opened."));
    await vi.advanceTimersByTimeAsync(2000);
    expect(state().notices.map((notice) => notice.message)).toEqual(["x.h5ad changed while it was opened."]);
    expect(state().progress).toBeNull();
  });
});
