// The notebook page: where its server is, whether it is dark, and whether the server knows us.

import type { Theme } from "./messages";

/** Absolute, ends in "/"; null where no Jupyter server is behind the page (VS Code, a static export). */
export function baseUrl(page: Document = document, location: Location | URL = page.location): string | null {
  if (!/^https?:$/.test(location.protocol)) return null;
  const config = page.getElementById("jupyter-config-data")?.textContent; // JupyterLab, Notebook 7, Voila
  let base: unknown = page.body.dataset.baseUrl; // older pages
  try {
    if (config) base = (JSON.parse(config) as { baseUrl?: unknown }).baseUrl ?? base;
  } catch {
    // somebody else's element
  }
  // A page that says nothing: what stands before the name of a Jupyter application.
  if (typeof base !== "string")
    base = /^.*?\/(?=(lab|tree|notebooks|voila|doc|nbclassic)(\/|$))/.exec(location.pathname)?.[0];
  if (typeof base !== "string") base = "/";
  return `${new URL(base as string, location.href).pathname.replace(/\/+$/, "")}/`;
}

export function pageTheme(page: Document = document): Theme {
  const light = page.body.dataset.jpThemeLight;
  return light === undefined ? null : light === "true" ? "light" : "dark";
}

/** Calls back on every change of the page's theme, until the returned function is called. */
export function watchTheme(onChange: (theme: Theme) => void, page: Document = document): () => void {
  const observer = new MutationObserver(() => onChange(pageTheme(page)));
  observer.observe(page.body, { attributeFilter: ["data-jp-theme-light"] });
  return () => observer.disconnect();
}

export type Problem = { title: string; message: string };

const NOT_INSTALLED: Problem = {
  title: "jupyter_cxg is not installed in the notebook server's environment",
  message: "Run “pip install jupyter-cxg” there and restart the server.",
};
const GONE: Problem = { title: "The data of this view is gone", message: "Run the cell again." };
const FORBIDDEN: Problem = {
  title: "The data of this view belongs to somebody else",
  message: "Run the cell again to see your own.",
};
const LOGGED_OUT: Problem = {
  title: "The notebook server wants to know who you are",
  message: "Reload the page and log in.",
};
export const NO_SERVER: Problem = {
  title: "There is no Jupyter server behind this page",
  message: "Open the notebook in JupyterLab or Jupyter Notebook to see the viewer.",
};

/** Why the server cannot show this snapshot; null when it can, or when it cannot be asked. */
export async function problemWith(base: string, id: string, signal: AbortSignal): Promise<Problem | null> {
  let response: Response;
  let body: { code?: unknown } = {};
  try {
    const headers = { Accept: "application/json", ...xsrfHeader() };
    response = await fetch(`${base}cxg/api/snapshots/${encodeURIComponent(id)}`, { headers, signal });
    body = (await response.json().catch(() => ({}))) as { code?: unknown };
  } catch {
    return null; // no network: the frame will not open either, and that is said after a while
  }
  if (body.code === "not_found") return GONE;
  if (body.code === "forbidden") return FORBIDDEN;
  if (response.redirected || response.status === 401 || response.status === 403) return LOGGED_OUT;
  return response.status === 404 ? NOT_INSTALLED : null;
}

/** JupyterHub wants the token for reading, too. */
function xsrfHeader(): Record<string, string> {
  const token = /(?:^|;\s*)_xsrf=([^;]*)/.exec(document.cookie)?.[1];
  return token ? { "X-XSRFToken": token } : {};
}
