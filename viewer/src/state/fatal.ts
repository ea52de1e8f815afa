// Why nothing can be shown, in words.

import { ApiError } from "../api/errors";
import type { Fatal } from "./store";

export const NO_EMBEDDING = {
  title: "There is nothing to draw",
  message: "This dataset has no embedding: compute one, such as sc.tl.umap(adata), and run the cell again.",
};

export function fatal(error: unknown): Fatal {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof ApiError ? error.code : null;
  if (code === "expired") return { title: "This link does not work any more", message };
  if (code === "sharing_off") return { title: "Sharing is switched off", message };
  if (code === "not_found") return { title: "The data of this view is gone", message };
  if (code === "forbidden") return { title: "This dataset is not yours to see", message };
  return { title: "The viewer could not start", message };
}
