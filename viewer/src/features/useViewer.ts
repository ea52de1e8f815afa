// How components reach the viewer: hooks over its store. Shared by all features.

import { createContext, useContext, useEffect } from "react";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import { sourceId } from "../state/filters";
import type { ColorBy, ViewState } from "../state/state";
import type { AppState, ColumnKey, LoadedColumn, Viewer } from "../state/viewer";

/** What lives for a moment only, and is therefore not part of the view state. */
export interface Transient {
  /** The category under the pointer, in a list or a legend; code -1 is the missing values. */
  highlight: { column: string; code: number } | null;
  /** The cell under the pointer, ringed in every plot; -1 for none. */
  hovered: number;
  /** At compact sizes: the sidebar that is open over the plot. */
  drawer: "cells" | "genesPanel" | null;
  /** Whether the form for labeling the selection is open. */
  labeling: boolean;
}

export interface Shared {
  viewer: Viewer;
  transient: StoreApi<Transient>;
}

export const ViewerContext = createContext<Shared | null>(null);

export function createTransient(): StoreApi<Transient> {
  return createStore<Transient>(() => ({ highlight: null, hovered: -1, drawer: null, labeling: false }));
}

function useShared(): Shared {
  const shared = useContext(ViewerContext);
  if (!shared) throw new Error("This component must stand inside <ViewerContext>.");
  return shared;
}

export const useViewer = (): Viewer => useShared().viewer;
export const useTransientStore = (): StoreApi<Transient> => useShared().transient;

export function useTransient<T>(selector: (transient: Transient) => T): T {
  return useStore(useShared().transient, selector);
}

export function useApp<T>(selector: (state: AppState) => T): T {
  return useStore(useViewer().store, selector);
}

export function useView<T>(selector: (view: ViewState) => T): T {
  return useApp((state) => selector(state.view));
}

export interface ColumnView {
  column: LoadedColumn | undefined;
  error: string | null;
  retry(): void;
}

/** A column, asked for as soon as a component needs it; null: none needed. */
export function useColumn(key: ColumnKey | null): ColumnView {
  const viewer = useViewer();
  const status = useApp((state) => (key === null ? undefined : state.columns[key]));
  useApp((state) => state.version.edits); // an annotation is another column after each edit
  useEffect(() => {
    if (key !== null && status === undefined) viewer.columns.want(key);
  }, [viewer, key, status]);
  // Numbers get another range with another subset or clip.
  const column = useApp(() => (key === null ? undefined : viewer.counts.shown(key)));
  return {
    column,
    error: typeof status === "object" ? status.error : null,
    retry: () => key !== null && viewer.retry(key),
  };
}

/** Renders again whenever the counts have changed. */
export function useCounts(): Viewer["counts"] {
  useApp((state) => state.version.counts);
  return useViewer().counts;
}

export const sameColor = (a: ColorBy | null, b: ColorBy | null): boolean =>
  a === b || (a !== null && b !== null && sourceId(a) === sourceId(b));

/** Whether this is what colors the points, and a switch for it. */
export function useColorBy(color: ColorBy): [active: boolean, toggle: (active: boolean) => void] {
  const viewer = useViewer();
  const active = useView((view) => sameColor(view.color, color));
  return [active, (on) => viewer.do({ type: "colorBy", color: on ? color : null })];
}
