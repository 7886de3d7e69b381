"""Prompts cleaned as captions, beside diffusers' pipeline, which does the same."""

from __future__ import annotations

import html
import re
from types import SimpleNamespace

import pytest
from diffusers import IFPipeline
from diffusers.pipelines.deepfloyd_if import pipeline_if
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalogue.captions import as_caption


def tagless(text: str, features: str) -> SimpleNamespace:
    """What a reader of HTML leaves of a text."""
    return SimpleNamespace(text=html.unescape(re.sub(r"<[^<>]*>", "", text)))


def theirs(text: str) -> str:
    cleaned = IFPipeline._clean_caption(IFPipeline, IFPipeline._clean_caption(IFPipeline, text))
    return str(cleaned)


PROMPTS = (
    "A castle (in fog)...",
    "a lighthouse in a storm, oil painting by Turner",
    "portrait of a <b>king</b>,crowned;  old & wise",
    "see https://example.com/a-b/c or www.example.org, by @painter_1",
    "\u201cquoted\u201d \u2014 \u2018words\u2019 \u2013 and \u00abmore\u00bb",
    "a-very-long-file_name of a cat",
    "blue-green sea",
    "holiday.jpg, 1920x1080 png images",
    "free shipping worldwide! #12 #123456 1234567 article jc6640 6640vc231",
    "\u592a\u967d sun \u2603 caf\u00e9",
    "'the end'",
    "time : now 12:30 ",
    "10.0.0.1 page 3 click for more download",
    "cats+dogs 50%25 off",
    "ALL CAPS [and] {brackets} | bars / slashes * stars",
    "",
)


@pytest.mark.parametrize("text", PROMPTS)
def test_prompts_are_cleaned_as_the_pipeline_does(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline_if, "BeautifulSoup", tagless, raising=False)
    assert as_caption(text) == theirs(text)


@settings(max_examples=300, deadline=None)
@given(st.text("aBcx01 .,:;-_'\"()#@&/|*+\n", max_size=40))
def test_any_signs_are_cleaned_as_the_pipeline_does(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline_if, "BeautifulSoup", tagless, raising=False)
        assert as_caption(text) == theirs(text)


def test_what_is_left_reads_aloud() -> None:
    assert as_caption("A castle (in fog)...") == "a castle in fog"
    assert as_caption("blue-green sea,calm") == "blue-green sea, calm"
