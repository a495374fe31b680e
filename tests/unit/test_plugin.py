"""The plugin, in MkDocs: what a build and a preview publish, and what they say."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort

HOST = "https://github.com/owner/name"
NOTES = {
    "index.md": '# Home\n\nSee [[Pools]].\n\n```python\n--8<-- "t/x.py"\n```\n',
    "topic/pools.md": "---\ndescription: What a pool is.\n---\n# Pools\n\n## Why\n\nBack to [[Home]].\n",
    "assets/plot.png": "",
}
CONFIG = """\
site_name: Home
site_url: https://guide.example/
theme: garden
plugins: [{{garden: {{{options}}}}}]
validation: {{omitted_files: ignore, links: {{not_found: ignore, anchors: ignore}}}}
nav: [index.md, {{Topic: [topic/pools.md]}}]
"""


def site(folder: Path, notes: dict[str, str] = NOTES, options: str = "") -> MkDocsConfig:
    """Write a site, and load its configuration."""
    texts = {f"docs/{path}": text for path, text in notes.items()}
    for path, text in {**texts, "snippets/t/x.py": "x = 1\n", "mkdocs.yml": CONFIG.format(options=options)}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return load_config(str(folder / "mkdocs.yml"), site_dir=str(folder / "site"))


def built(config: MkDocsConfig, *, preview: bool = False) -> Path:
    """Build a site; return the folder that it is in."""
    config.plugins.on_startup(command="serve" if preview else "build", dirty=False)
    build(config)
    return Path(config.site_dir)


def said(caplog: pytest.LogCaptureFixture, level: int) -> list[str]:
    """Return what the plugin said at a level."""
    return [
        record.getMessage() for record in caplog.records if (record.name, record.levelno) == ("mkdocs.garden", level)
    ]


def test_pages_have_their_text_their_headings_and_what_lies_around_them(tmp_path: Path) -> None:
    folder = built(site(tmp_path, options=f"repository: '{HOST}'"))
    page = (folder / "topic/pools/index.html").read_text(encoding="utf-8")
    assert 'Back to <a href="../../"' in page
    assert '<a href="#why">Why</a>' in page.partition('id="guide:toc"')[2]
    assert "1 note links here" in page
    assert f'href="{HOST}/edit/main/docs/topic/pools.md"' in page
    assert '<meta name="description" content="What a pool is.">' in page
    assert "<title>Home</title>" in (folder / "index.html").read_text(encoding="utf-8")
    assert (folder / "snippets/t/x/index.html").is_file()


def test_what_is_published_beside_the_pages(tmp_path: Path) -> None:
    folder = built(site(tmp_path))
    for path in (
        "index.md",
        "llms.txt",
        "_headers",
        "build.json",
        "assets/search-index.js",
        "offline.zip",
        "snippets/t/x.py",
    ):
        assert (folder / path).is_file(), path
    assert not (folder / "assets/javascripts").exists()
    assert len(list((folder / "assets/social").iterdir())) == 2  # a snippet has that of the home page


def test_a_preview_has_neither_pictures_nor_a_policy(tmp_path: Path) -> None:
    folder = built(site(tmp_path), preview=True)
    assert not (folder / "assets/social").exists()
    assert "Content-Security-Policy" not in (folder / "index.html").read_text(encoding="utf-8")


def test_what_is_wrong_is_logged_and_only_what_may_wait_is_no_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    built(site(tmp_path, {**NOTES, "alone.md": "# Alone\n\n[[none]]\n"}))
    assert [line.partition(";")[0] for line in said(caplog, logging.WARNING)] == [
        "docs/alone.md:3: no note is called [[none]]"
    ]
    assert any(line.startswith("docs/alone.md:1: no note links here") for line in said(caplog, logging.INFO))


def test_settings_that_are_wrong_are_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Abort, match="configuration error"):
        site(tmp_path, options="repository: owner, proofs: required")
    what = (
        "`repository: owner` is no address of a repository; write it like https://github.com/owner/name [setting-value]"
    )
    assert caplog.messages == [f"Config value 'plugins': Plugin 'garden' option 'mkdocs.yml:4': {what}"]


def test_where_proofs_are_required_an_address_of_this_machine_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config = site(tmp_path, options="proofs: required")
    built(config)
    assert not any("SITE_URL" in line for line in said(caplog, logging.WARNING))
    config.site_url = "http://127.0.0.1:8000/"
    built(config)
    assert any("set SITE_URL" in line for line in said(caplog, logging.WARNING))


def test_a_file_that_must_not_be_published_is_not(tmp_path: Path) -> None:
    config = site(tmp_path)
    (tmp_path / "secret.md").write_text("# Secret\n")
    (tmp_path / "docs/secret.md").symlink_to(tmp_path / "secret.md")
    (tmp_path / "docs/build.json").write_text("{}")
    folder = built(config)
    assert not (folder / "secret/index.html").exists()
    assert "versions" in (folder / "build.json").read_text()
