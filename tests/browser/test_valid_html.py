"""Every built page is valid HTML."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from garden.runtime import make, node
from tests.browser.conftest import Outcome
from tests.browser.modules import modules

HERE = Path(__file__).parent


def test_every_page_is_valid_html(guide: Outcome) -> None:
    checker = modules(HERE, "npm could not bring axe-core and html-validate") / "html-validate/bin/html-validate.mjs"
    command = [node.find(make.CACHE).program, str(checker), "--config", str(HERE / "html-validate.json")]
    files = sorted(str(file.relative_to(guide.folder)) for file in guide.folder.rglob("*.html"))
    done = subprocess.run(
        [*command, "--formatter", "json", *files],
        cwd=guide.folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stderr == ""
    found = [
        f"{Path(page['filePath']).relative_to(guide.folder)}:{message['line']}: {message['message']}"
        for page in json.loads(done.stdout)
        for message in page["messages"]
    ]
    assert found == []
    assert done.returncode == 0


def test_the_checker_finds_what_is_wrong(tmp_path: Path) -> None:
    checker = modules(HERE, "npm could not bring axe-core and html-validate") / "html-validate/bin/html-validate.mjs"
    (tmp_path / "bad.html").write_text('<!doctype html><html lang="en"><head><title>x</title></head><body><p><div></p>')
    command = [node.find(make.CACHE).program, str(checker), "--config", str(HERE / "html-validate.json"), "bad.html"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=False).returncode == 1
