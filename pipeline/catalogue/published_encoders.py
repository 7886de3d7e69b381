"""The published encoders that are known without asking open_clip.

Each is named `architecture/pretrained`, as open_clip names it. open_clip's own list has many more
(`pipeline.catalogue.find`); those here have whole sums, and the presets choose from them.
"""

from __future__ import annotations

from pipeline.catalogue.publication import Published, Role

_OPENAI = "https://openaipublic.azureedge.net/clip/models"
_OPEN_CLIP = "https://github.com/mlfoundations/open_clip/releases/download/v0.2-weights"


def _openai(architecture: str, size: int, sha256: str, *, file: str | None = None) -> Published:
    """An encoder of OpenAI's (Radford et al. 2021); all were trained with QuickGELU."""
    file = file or f"{architecture}.pt"
    return Published(
        name=f"{architecture}/openai",
        role=Role.ENCODER,
        file=file,
        mirrors=(f"{_OPENAI}/{sha256}/{file}",),
        size=size,
        licence="MIT",
        sha256=sha256,
        architecture=f"{architecture}-quickgelu",
    )


def _open_clip(name: str, file: str, sha256: str, numbers: int) -> Published:
    """An encoder of OpenCLIP's first release; its file's name says which activation it has."""
    architecture, _, _ = name.partition("/")
    return Published(
        name=name,
        role=Role.ENCODER,
        file=file,
        mirrors=(f"{_OPEN_CLIP}/{file}",),
        size=None,
        licence="MIT",
        sha256=sha256,
        architecture=f"{architecture}-quickgelu" if "quickgelu" in file else architecture,
        numbers=numbers,
    )


ENCODERS: tuple[Published, ...] = (
    _openai(
        "RN50",
        255_827_503,
        "afeb0e10f9e5a86da6080e35cf09123aca3b358a0c3e3b6c78a7b63bc04b6762",
    ),
    _openai(
        "RN101",
        291_791_292,
        "8fa8567bab74a42d41c5915025a8e4538c3bdbe8804a470a72f30b0d94fab599",
    ),
    _openai(
        "RN50x4",
        421_854_225,
        "7e526bd135e493cef0776de27d5f42653e6b4c8bf9e0f653bb11773263205fdd",
    ),
    _openai(
        "RN50x16",
        661_125_706,
        "52378b407f34354e150460fe41077663dd5b39c54cd0bfd2b27167a4a06ec9aa",
    ),
    _openai(
        "RN50x64",
        1_353_500_174,
        "be1cfb55d75a9666199fb2206c106743da0f6468c9d327f3e0d0a543a9919d9c",
    ),
    _openai(
        "ViT-B-32",
        353_976_522,
        "40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af",
    ),
    _openai(
        "ViT-B-16",
        350_837_078,
        "5806e77cd80f8b59890b7e101eabd078d9fb84e6937f9e85e4ecb61988df416f",
    ),
    _openai(
        "ViT-L-14",
        932_768_134,
        "b8cca3fd41ae0c99ba7e8951adf17d267cdb84cd88be6f7c2e0eca1737a03836",
    ),
    _openai(
        "ViT-L-14-336",
        934_088_680,
        "3035c92b350959924f9f00213499208652fc7ea050643e8b385c2dac08641f02",
        file="ViT-L-14-336px.pt",
    ),
    _open_clip(
        "ViT-B-32/laion2b_e16",
        "vit_b_32-laion2b_e16-af8dbd0c.pth",
        "af8dbd0c4bf1654db018a2a70fd839c3a6e79d2fdac33303f06d0d8aae16a65c",
        151_277_313,
    ),
    _open_clip(
        "ViT-B-32/laion400m_e31",
        "vit_b_32-quickgelu-laion400m_e31-d867053b.pt",
        "d867053b2301634007ed9af230bfb1a217ec634f6c0329f04092133ae5c4b89e",
        151_277_313,
    ),
    _open_clip(
        "ViT-B-32/laion400m_e32",
        "vit_b_32-quickgelu-laion400m_e32-46683a32.pt",
        "46683a32721d5c68911153698992361285d20ca690bb4f317c11e45c03d798fa",
        151_277_313,
    ),
    _open_clip(
        "ViT-B-16/laion400m_e31",
        "vit_b_16-laion400m_e31-00efa78f.pt",
        "00efa78fe761eb607926704cfee46a4305ce2bf63af6ab50f1eeba2ef71da988",
        149_620_737,
    ),
    _open_clip(
        "ViT-B-16/laion400m_e32",
        "vit_b_16-laion400m_e32-55e67d44.pt",
        "55e67d44b44d9e39aaf299a5c616aaf10a655879d6bd5854027b4a254aa2e7d5",
        149_620_737,
    ),
    _open_clip(
        "RN50/yfcc15m",
        "rn50-quickgelu-yfcc15m-455df137.pt",
        "455df13750cec2d6bb5e578fa84fb59a63d40e9fdbae58e7e7155672e46dc578",
        102_060_440,
    ),
    _open_clip(
        "RN50/cc12m",
        "rn50-quickgelu-cc12m-f000538c.pt",
        "f000538c6c3c33c07e4fad5619f1b3d4cd591864dd3143778896112d1bf4fa7d",
        102_060_440,
    ),
    _open_clip(
        "RN101/yfcc15m",
        "rn101-quickgelu-yfcc15m-3e04b30e.pt",
        "3e04b30eb7070e69b78db2c33f12a48cfa1f697691ed198d61fb2abbb48db5a3",
        119_793_611,
    ),
)
