"""The viewer's page, composed from the manifest of its build."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, NotRequired, TypedDict
from urllib.parse import parse_qsl, quote, urlencode

ENTRY = "src/main.tsx"

# The page has an opaque origin: no cookies, no storage, no reach into the page around it. 'self' is
# this server all the same, because a policy keeps the origin of the response that brought it.
# {nonce} is for the few rules that the viewer's component library writes at run time.
_POLICY = "; ".join(
    [
        "sandbox allow-scripts allow-downloads allow-popups",
        "frame-ancestors 'self'",
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'nonce-{nonce}'",
        "connect-src 'self'",
        "img-src data: blob:",
        "worker-src blob:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
)


_SENTENCE = (
    "body{display:grid;place-items:center;min-height:100vh;margin:0;font:15px/22px system-ui,sans-serif}"
    "main{max-width:460px;padding:24px;overflow-wrap:anywhere}"
)

_LIST = (
    "body{margin:0;font:15px/22px system-ui,sans-serif}main{max-width:820px;margin:0 auto;padding:32px 24px}"
    "h1{font-size:20px;line-height:28px;font-weight:600;margin:0 0 16px}"
    "table{width:100%;border-collapse:collapse}"
    "th,td{text-align:right;padding:8px 0 8px 24px;border-bottom:1px solid "
    "color-mix(in srgb,currentColor 16%,transparent);"
    "font-variant-numeric:tabular-nums;vertical-align:top}th{font-weight:600;font-size:13px}"
    "th:first-child,td:first-child{text-align:left;padding-left:0;overflow-wrap:anywhere}"
    ":root{color-scheme:light dark}a{color:light-dark(#0a58ca,#8ab4f8)}"
)


class PageConfig(TypedDict):
    """What the page is told; viewer/src/api/types.ts has the same.

    ``link`` is the id of the link that somebody came by: then the capability is in their URL's fragment.
    ``state`` is the view state to begin with; ``opening`` says that there is nothing to ask for yet.
    """

    id: str
    title: str
    root: str
    capability: str | None
    version: str
    sharing: bool
    views: NotRequired[bool]
    link: NotRequired[str]
    state: NotRequired[Mapping[str, Any]]
    opening: NotRequired[bool]


def policy(nonce: str) -> str:
    """The Content-Security-Policy of the page; ``nonce`` is new for every page."""
    return _POLICY.format(nonce=nonce)


def viewer_page(manifest: Mapping[str, Any], static_url: str, config: PageConfig, nonce: str) -> str:
    """The page of one dataset.

    Parameters
    ----------
    manifest
        Vite's, from `read_manifest`.
    static_url
        Where the files of the manifest are served; ends in "/".
    nonce
        As in its `policy`.
    """
    entry = manifest[ENTRY]
    chunks = list(_imported(manifest, ENTRY))
    sheets = dict.fromkeys(sheet for chunk in (entry, *chunks) for sheet in chunk.get("css", ()))
    head = [
        f'<meta property="csp-nonce" nonce="{nonce}">',
        *(f'<link rel="stylesheet" crossorigin href="{_url(static_url, sheet)}">' for sheet in sheets),
        *(
            f'<link rel="modulepreload" crossorigin href="{_url(static_url, chunk["file"])}">'
            for chunk in chunks
        ),
        f'<script id="cxg-config" type="application/json">{_inside_script(config)}</script>',
        f'<script type="module" crossorigin src="{_url(static_url, entry["file"])}"></script>',
    ]
    body = (
        '<div id="root"><p class="cxg-opening" role="status">Opening '
        f"{escape(config['title'])} …</p></div><noscript>The viewer needs JavaScript.</noscript>"
    )
    return _document(config["title"], head, body)


def without_token(path: str, query: str) -> str:
    """The same address without Jupyter's token in it."""
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "token"]
    return f"{path}?{urlencode(kept, safe='/', quote_via=quote)}" if kept else path


def sentence_page(title: str, sentence: str, nonce: str = "") -> str:
    """A page that says one thing.

    Parameters
    ----------
    nonce
        As in its `policy`; without one the page has no looks.
    """
    style = [f'<style nonce="{nonce}">{_SENTENCE}</style>'] if nonce else []
    return _document(title, style, f"<main><p>{escape(sentence)}</p></main>")


def list_page(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], nonce: str) -> str:
    """A page with a table: text in the first column, numbers in the others.

    Parameters
    ----------
    rows
        Cells as HTML.
    nonce
        As in its `policy`.
    """
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    style = [f'<style nonce="{nonce}">{_LIST}</style>']
    return _document(title, style, f"<main><h1>{escape(title)}</h1>{table}</main>")


def read_manifest(static: Path) -> Mapping[str, Any] | None:
    """Vite's manifest of the built viewer; None if it is not built."""
    try:
        found: Mapping[str, Any] = json.loads((static / "viewer" / "manifest.json").read_bytes())
    except FileNotFoundError:
        return None
    return found


def _imported(manifest: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    """The chunks that a chunk imports, theirs included, each once."""
    seen: set[str] = set()
    waiting = list(manifest[name].get("imports", ()))
    while waiting:
        chunk = waiting.pop(0)
        if chunk not in seen:
            seen.add(chunk)
            yield manifest[chunk]
            waiting += manifest[chunk].get("imports", ())


def _document(title: str, head: list[str], body: str) -> str:
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{escape(title)}</title>",
            *head,
            "</head>",
            f"<body>{body}</body>",
            "</html>",
            "",
        ]
    )


def _url(static_url: str, file: str) -> str:
    return escape(f"{static_url}viewer/{file}")


def _inside_script(config: PageConfig) -> str:
    """JSON that cannot end the script element around it, whatever the title says."""
    text = json.dumps(config)  # ASCII only, so U+2028 is escaped too
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
