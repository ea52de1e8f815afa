// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { baseUrl } from "./page";

describe("the server's address", () => {
  it.each([
    ["/user/a/lab/tree/x.ipynb", "", "/user/a/"],
    ["/notebooks/x.ipynb", "", "/"],
    ["/lab", "", "/"],
    ["/somewhere/else", "", "/"],
    [
      "/lab",
      '<script id="jupyter-config-data">{"baseUrl": "https://hub.example/user/b"}</script>',
      "/user/b/",
    ],
    ["/hub/voila/render/x.ipynb", '<script id="jupyter-config-data">broken</script>', "/hub/"],
  ])("of a page at %s %s is %s", (path, head, base) => {
    const page = document.implementation.createHTMLDocument();
    page.head.innerHTML = head;
    expect(baseUrl(page, new URL(path, "https://hub.example"))).toBe(base);
  });

  it("does not exist in VS Code", () => {
    expect(baseUrl(document, new URL("vscode-webview://abc/index.html"))).toBeNull();
  });
});
