"""The table of published models holds together."""

from __future__ import annotations

import re
import sys

import pytest

from pipeline.catalogue.find import find
from pipeline.catalogue.mirror import check_address
from pipeline.catalogue.presets import PRESETS
from pipeline.catalogue.publication import Published, Role, size_text, total_text
from pipeline.catalogue.published import NEEDS, PUBLISHED, needed_by
from pipeline.catalogue.published_tokenizers import tokenizer_files
from pipeline.errors import ModelError
from tests import child

ENTRIES = [pytest.param(entry, id=entry.name) for entry in PUBLISHED.values() if not entry.parts]
DISCOS = ("disco", "disco-256", "pixelart", "watercolor")


def of_size(size: int | None, numbers: int | None = None) -> Published:
    return Published("a", Role.DEPTH, "a.pt", (), size, "MIT", "", "a", numbers)


# --------------------------------------------------------------------------------- the table


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_is_well_formed(entry: Published) -> None:
    assert PUBLISHED[entry.name] is entry
    assert entry.mirrors
    for mirror in entry.mirrors:
        assert mirror.startswith("https://")
        check_address(mirror)
    assert re.fullmatch(r"[\w.-]+\.pth?", entry.file)
    assert re.fullmatch("([0-9a-f]{64}|[0-9a-f]{8})?", entry.sha256)
    assert entry.licence and entry.architecture


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_digits_in_a_published_name_are_those_of_the_sum(entry: Published) -> None:
    for address in (entry.file, *entry.mirrors):
        if digits := re.search(r"-([0-9a-f]{8})\.pth?$", address):
            assert entry.sha256.startswith(digits[1])
        if digits := re.search(r"/([0-9a-f]{64})/", address):
            assert entry.sha256 == digits[1]


def test_no_two_models_share_a_file() -> None:
    files = [entry.file for entry in PUBLISHED.values()]
    assert len({name.lower() for name in files}) == len(files)
    sums = [entry.sha256 for entry in PUBLISHED.values() if entry.sha256]
    assert len(set(sums)) == len(sums)


def test_every_role_is_filled() -> None:
    # Tokenizers come with the encoders that only open_clip knows, and these two from authors.
    not_listed = {Role.TOKENIZER, Role.LORA, Role.EMBEDDING}
    assert {entry.role for entry in PUBLISHED.values()} == set(Role) - not_listed


# ------------------------------------------------------------------------------------- presets


def test_presets_that_render_today_are_known() -> None:
    assert set(PRESETS) <= set(NEEDS)
    assert needed_by("starter") == ()


@pytest.mark.parametrize("preset", DISCOS)
def test_a_preset_of_published_models_has_all_it_takes(preset: str) -> None:
    roles = [entry.role for entry in needed_by(preset)]
    assert roles.count(Role.DENOISER) == 1
    assert {Role.SECONDARY, Role.ENCODER, Role.DEPTH} < set(roles)


def test_presets_differ_in_their_denoiser() -> None:
    denoisers = [needed_by(preset)[0].name for preset in NEEDS if preset != "starter"]
    assert len(set(denoisers)) == len(denoisers)
    assert denoisers[:4] == [
        "512x512_diffusion_uncond_finetune_008100",
        "256x256_diffusion_uncond",
        "pixelartdiffusion4k",
        "watercolordiffusion_2",
    ]


def test_an_unknown_preset() -> None:
    with pytest.raises(ModelError) as caught:
        needed_by("dsico")
    assert str(caught.value) == (
        'there is no preset "dsico" (did you mean "disco"?); '
        "known: starter, disco, disco-256, pixelart, watercolor, sd15, sdxl, sd-turbo, lcm"
    )


# --------------------------------------------------------------------------------------- sizes


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (None, "unknown size"),
        (7_289, "7 kB"),
        (353_976_522, "354 MB"),
        (1_000_000, "1 MB"),
        (2_211_383_297, "2.21 GB"),
    ],
)
def test_sizes_in_words(size: int | None, text: str) -> None:
    assert size_text(size) == text
    assert total_text([of_size(size)]) == text


def test_totals_count_what_is_not_known() -> None:
    two, one, unknown = of_size(2 * 10**9), of_size(10**9), of_size(None)
    assert total_text([two, one]) == "3.00 GB"
    assert total_text([two, unknown, one, unknown]) == "3.00 GB and 2 of unknown size"
    assert total_text([unknown, unknown]) == "unknown size"


def test_an_estimate_is_told_as_one() -> None:
    guessed, exact = of_size(None, 500_000_000), of_size(10**9)
    assert total_text([guessed]) == "about 2.00 GB"
    assert total_text([guessed, exact]) == "about 3.00 GB"
    assert total_text([guessed, of_size(None)]) == "about 2.00 GB and 1 of unknown size"
    # A size counts before any estimate.
    assert total_text([of_size(10**9, 1)]) == "1.00 GB"


# --------------------------------------------------------------------------------------- names


def test_a_known_name_is_found() -> None:
    assert find("dpt_large") is PUBLISHED["dpt_large"]


def test_open_clips_second_name_of_an_encoder() -> None:
    assert find("ViT-B-32-quickgelu/openai") is PUBLISHED["ViT-B-32/openai"]
    assert find("RN50-quickgelu/cc12m") is PUBLISHED["RN50/cc12m"]


@pytest.mark.parametrize("name", [name for name in PUBLISHED if "/" in name])
def test_our_encoders_are_those_of_open_clip(name: str) -> None:
    import open_clip

    entry = PUBLISHED[name]
    architecture, _, pretrained = name.partition("/")
    config = open_clip.get_pretrained_cfg(architecture, pretrained)
    assert config["url"] == entry.mirrors[0]
    assert bool(config.get("quick_gelu")) == entry.architecture.endswith("-quickgelu")
    assert entry.architecture in open_clip.list_models()


def test_an_encoder_that_only_open_clip_knows() -> None:
    entry = find("ViT-B-16-SigLIP/webli")
    assert entry == Published(
        name="ViT-B-16-SigLIP/webli",
        role=Role.ENCODER,
        file="ViT-B-16-SigLIP-webli.safetensors",
        mirrors=(
            "https://huggingface.co/timm/ViT-B-16-SigLIP/resolve/main/open_clip_model.safetensors",
        ),
        size=None,
        licence="not stated",
        sha256="",
        architecture="ViT-B-16-SigLIP",
        tokenizer="timm/ViT-B-16-SigLIP",
    )


def test_a_tokenizer_is_two_files_that_go_by_their_names() -> None:
    files = tokenizer_files(find("ViT-B-16-SigLIP/webli"))
    assert [file.name for file in files] == [
        "timm/ViT-B-16-SigLIP/tokenizer.json",
        "timm/ViT-B-16-SigLIP/tokenizer_config.json",
    ]
    assert [find(file.name) for file in files] == list(files)
    hub = "https://huggingface.co/timm/ViT-B-16-SigLIP/resolve/main"
    assert files[0].mirrors == (f"{hub}/tokenizer.json",)
    assert files[0].file == "timm-ViT-B-16-SigLIP-tokenizer.json"
    # They are shared by those that read alike, and OpenAI's ships with open_clip.
    assert tokenizer_files(find("ViT-L-16-SigLIP-256/webli")) == files
    assert tokenizer_files(find("ViT-B-32/openai")) == ()


@pytest.mark.parametrize(
    "name", ["roberta-ViT-B-32/laion2b_s12b_b32k", "coca_ViT-B-32/laion2b_s13b_b90k"]
)
def test_what_its_weights_are_not_all_of_is_not_fetched(name: str) -> None:
    with pytest.raises(ModelError, match="needs more than its weights and a tokenizer"):
        find(name)


def test_a_sum_in_open_clips_address_is_used() -> None:
    entry = find("ViT-B-16-plus-240/laion400m_e32")
    assert entry.sha256 == "699c4b84"
    assert entry.mirrors[0].endswith("/vit_b_16_plus_240-laion400m_e32-699c4b84.pt")
    assert entry.file == "ViT-B-16-plus-240-laion400m_e32.pt"


def test_an_encoder_trained_with_quick_gelu_is_built_with_it() -> None:
    assert find("ViT-H-14/dfn5b").architecture == "ViT-H-14-quickgelu"
    assert find("ViT-H-14-quickgelu/dfn5b").architecture == "ViT-H-14-quickgelu"


def test_a_named_file_on_the_hub() -> None:
    assert find("ViTamin-S/datacomp1b").mirrors == (
        "https://huggingface.co/jienengchen/ViTamin-S/resolve/main/pytorch_model.bin",
    )
    assert find("ViTamin-S/datacomp1b").file == "ViTamin-S-datacomp1b.bin"


def test_a_tag_has_one_name() -> None:
    assert find("ViT-B-32/LAION2B-s34b-b79k") == find("ViT-B-32/laion2b_s34b_b79k")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("vgg61", "vgg16"),
        ("ViT-B-32/opneai", "ViT-B-32/openai"),
        ("ViT-B-16-SigLIP/webil", "ViT-B-16-SigLIP/webli"),
    ],
)
def test_an_unknown_name(name: str, meant: str) -> None:
    with pytest.raises(ModelError) as caught:
        find(name)
    words = f'there is no published model "{name}" (did you mean "{meant}"?)'
    assert str(caught.value).startswith(words)


@pytest.mark.slow
def test_known_names_need_no_network_library() -> None:
    code = (
        "import sys\n"
        "from pipeline.catalogue.find import find\n"
        "from pipeline.catalogue.published import PUBLISHED\n"
        "import pipeline.catalogue.download, pipeline.cli.pull_progress\n"
        "[find(name) for name in PUBLISHED]\n"
        "print({'torch', 'open_clip', 'timm', 'platformdirs'} & set(sys.modules))\n"
    )
    done = child.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
