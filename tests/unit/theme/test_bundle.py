"""What every page loads is one script and one style sheet, joined from their parts."""

from __future__ import annotations

from pathlib import Path

from garden.theme.bundle import bundles


def test_the_parts_stand_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name, text in {"b.js": "second();\n", "_a.js": "first();\n", "notes.txt": "no script"}.items():
        (tmp_path / "scripts").mkdir(parents=True, exist_ok=True)
        (tmp_path / "scripts" / name).write_text(text)
    assert bundles(tmp_path) == {"assets/guide.js": "first();\n\nsecond();\n"}


def test_a_site_without_parts_loads_nothing(tmp_path: Path) -> None:
    assert bundles(tmp_path) == {}
