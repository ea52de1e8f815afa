// What a tab shows, and where the server has it.

import type { ViewState } from "../../viewer/src/state/state";
import { toFragment } from "../../viewer/src/state/url";

/** A file or folder below the server's root, or a snapshot that a kernel has published. */
export type Address = { path: string } | { snapshot: string };

export const FILE_EXTENSIONS = [".h5ad", ".h5mu", ".loom"];
/** Of 10x Genomics, and of many others: offered, and not what a double click does. */
export const HDF5_EXTENSION = ".h5";
export const FOLDER_EXTENSION = ".zarr";

export function isFolder(path: string): boolean {
  return path.toLowerCase().endsWith(FOLDER_EXTENSION);
}

export function isFile(path: string): boolean {
  return [...FILE_EXTENSIONS, HDF5_EXTENSION].some((ending) => path.toLowerCase().endsWith(ending));
}

/** Without the slashes around it, which no path of Jupyter's needs. */
export function cleanPath(path: string): string {
  return path.replace(/^\/+|\/+$/g, "");
}

/**
 * The viewer's page.
 *
 * @param base - of the server; ends in "/"
 * @param path - of a file, without the name of its drive
 * @param state - what the page shall show first; null: its own choice
 */
export function pageUrl(base: string, address: Address, state: Partial<ViewState> | null): string {
  const page =
    "path" in address
      ? `cxg/open?path=${encodeURIComponent(address.path)}`
      : `cxg/d/${encodeURIComponent(address.snapshot)}/`;
  return `${base}${page}${state ? toFragment(state) : ""}`;
}

/** The same for the same data: what tabs are told apart by. */
export function keyOf(address: Address): string {
  return "path" in address ? `path:${address.path}` : `snapshot:${address.snapshot}`;
}

/** What of a view means something in another page: sets of cells named by a key live in one page only. */
export function portable(state: ViewState): Partial<ViewState> {
  return { ...state, filters: state.filters.filter((filter) => filter.kind !== "cells") };
}
