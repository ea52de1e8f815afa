"""Several answers in one body."""

import json

from hypothesis import given
from hypothesis import strategies as st

from jupyter_cxg.wire.answers import ALIGNMENT, Answer, Refusal, pack

answers = st.lists(
    st.builds(Answer, st.just("application/json"), st.binary(max_size=200))
    | st.builds(Refusal, st.just(404), st.just("not_found"), st.text(max_size=90))
)


@given(given=answers)
def test_every_part_is_where_the_header_says_and_aligned(given: list[Answer | Refusal]) -> None:
    body = pack(given)
    length = int.from_bytes(body[:4], "little")
    start = 4 + length
    assert start % ALIGNMENT == 0
    entries = json.loads(body[4:start])["answers"]
    assert len(entries) == len(given)
    for entry, answer in zip(entries, given, strict=True):
        if isinstance(answer, Refusal):
            assert entry == {"status": 404, "code": "not_found", "message": answer.message}
        else:
            assert entry["offset"] % ALIGNMENT == 0
            part = start + entry["offset"]
            assert body[part : part + entry["length"]] == answer.body
