"""Tissue images over HTTP: where they lie, and their pixels."""

import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image

from jupyter_cxg.snapshot.catalog import Catalog
from tests.reference.example import publish, tiny_adata
from tests.server.conftest import Fetch

NAME = "A <b>/hires"


def with_image() -> Any:
    """Cells on the corners of 100 × 50 under a picture that begins 10 units left of and above them."""
    adata = tiny_adata()
    places = np.zeros((adata.n_obs, 2))
    places[1:, 0], places[2:, 1] = 100, 50
    adata.obsm["spatial"] = places + 10
    picture = np.zeros((30, 60, 3))
    picture[:, 20:] = 1
    adata.uns["spatial"] = {
        "A <b>": {
            "images": {"hires": picture},
            "scalefactors": {"tissue_hires_scalef": 0.5, "spot_diameter_fullres": 5},
        }
    }
    return adata


@pytest.fixture
def dataset(catalog: Catalog) -> str:
    return publish(with_image(), catalog)


async def test_config_says_where_it_lies(fetch: Fetch, dataset: str, capability: str) -> None:
    answer = await fetch(f"cxg/d/{dataset}/api/v0.2/config", headers={"X-Cxg-Capability": capability})
    (image,) = json.loads(answer.body)["config"]["images"]["spatial"]
    assert (image["name"], image["width"], image["height"], image["spot"]) == (NAME, 60, 30, 0.05)
    # 120 × 60 units, the cells at 10 … 110 and 10 … 60; they fill the unit square's width
    edges = [image[edge] for edge in ("left", "right", "top", "bottom")]
    np.testing.assert_allclose(edges, [-0.1, 1.1, 0.15, 0.75], atol=1e-6)


async def test_pixels_come_as_png(fetch: Fetch, dataset: str, capability: str) -> None:
    headers = {"X-Cxg-Capability": capability}
    url = f"cxg/d/{dataset}/image?name=A%20%3Cb%3E%2Fhires"
    answer = await fetch(url, headers=headers)
    assert answer.headers["Content-Type"] == "image/png"
    pixels = np.asarray(Image.open(io.BytesIO(answer.body)))
    assert pixels.shape == (30, 60, 3) and pixels[0, 19].max() == 0 and pixels[29, 20].min() == 255
    again = await fetch(url, headers={**headers, "If-None-Match": answer.headers["Etag"]})
    assert again.code == 304


async def test_only_who_may_see_the_dataset_sees_it(fetch: Fetch, dataset: str) -> None:
    url = f"cxg/d/{dataset}/image?name=A%20%3Cb%3E%2Fhires"
    answer = await fetch(url, headers={"X-Cxg-Capability": "nonsense"})
    assert answer.code in (401, 403) and not answer.body.startswith(b"\x89PNG")


@pytest.mark.parametrize(("query", "status"), [("", 400), ("?name=a&name=b", 400), ("?name=../x", 404)])
async def test_nonsense_is_refused(
    fetch: Fetch, dataset: str, capability: str, query: str, status: int
) -> None:
    answer = await fetch(f"cxg/d/{dataset}/image{query}", headers={"X-Cxg-Capability": capability})
    assert answer.code == status and set(json.loads(answer.body)) == {"code", "message"}
