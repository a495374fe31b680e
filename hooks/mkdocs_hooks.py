"""MkDocs calls these; the engine does the work. The only file that knows MkDocs."""

from __future__ import annotations

import importlib
import logging
import platform
import re
import sys
from html import escape
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

import markdown
from mkdocs.structure.files import File

log = logging.getLogger("mkdocs.garden")
# What the theme brings; of all this, pages load one style sheet.
_THEME_FILES = re.compile(r"assets/(?:javascripts|images|stylesheets/(?!main\.\w+\.min\.css$))")
_THEME_STYLE = "assets/stylesheets/main."
# What decides how a page looks, besides this repository.
_LIBRARIES = ("markdown", "mkdocs", "mkdocs-material", "pygments", "pymdown-extensions")
# How this process was called: it stays the same from build to build.
_command = "build"


def on_startup(command: str, dirty: bool) -> None:
    """Note whether pages are for their author: MkDocs adds a script to them then, which reloads them."""
    global _command
    _command = command


def on_config(config: Any) -> Any:
    """Load the engine, and look at the settings."""
    config.garden_engine = _engine()
    if fault := config.garden_engine.edit.fault(_repository(config)):
        log.warning("mkdocs.yml:1: %s", fault)
    return config


def _repository(config: Any) -> str:
    return config.extra.get("repository") or ""


def _engine() -> ModuleType:
    """Return the engine, loaded afresh if it has changed: what it has made of the same text is of use to a rebuild."""
    folder = str(Path(__file__).parent)
    source = {str(file): file.read_bytes() for file in Path(folder).rglob("*.py")}
    loaded = sys.modules.get("garden")
    if loaded and getattr(loaded, "source", None) == source:
        return loaded
    for name in [name for name in sys.modules if name.partition(".")[0] == "garden"]:
        del sys.modules[name]
    sys.path.insert(0, folder)
    try:
        engine = importlib.import_module("garden")
        engine.source = source  # type: ignore[attr-defined]  # a mark of ours
        return engine
    finally:
        sys.path.remove(folder)


def on_files(files: Any, config: Any) -> Any:
    """Read the notes."""
    garden = config.garden_engine
    sources = [
        garden.SourceFile(file.src_uri, Path(file.abs_src_path), _address(file))
        for file in files
        if _is_own(file, config)
    ]
    root = Path(config.config_file_path).parent
    library = garden.Library(root, required=config.extra.get("proofs") == "required")
    history = garden.history.read(root, Path(config.docs_dir).name, library.folder.name)
    if history.fault:
        log.info("mkdocs.yml:1: %s", history.fault)
    pages = {path: File.generated(config, path, content="\n") for path in library.pages}
    build = config.garden = garden.Build(
        sources,
        Path(config.docs_dir),
        library,
        lambda: _markdown(config),
        pages={path: _address(page) for path, page in pages.items()},
        history=history,
        topics=_topics(config.nav or []),
    )
    config.markdown_extensions.append(build.extension)
    # What the engine has checked is what is shown: the same folder, wherever the build was started.
    config.mdx_configs.setdefault("pymdownx.snippets", {})["base_path"] = [str(library.folder)]
    config.mdx_configs.setdefault("pymdownx.superfences", {}).setdefault("custom_fences", []).extend(
        build.extension.fences()
    )
    for path in build.refused:
        files.remove(files.get_file_from_path(path))
    for file in [file for file in files if _THEME_FILES.match(file.src_uri) and not _is_own(file, config)]:
        files.remove(file)
    # To their author, pages are as the files are, whatever was committed.
    revision = config.garden_revision = None if _command == "serve" else garden.revision.read(root)
    texts = build.assets | {
        garden.policy.HEADERS_FILE: garden.policy.headers_file(),
        garden.revision.FILE: garden.revision.record(revision, library.proofs, _versions()),
    }
    assets = [File.generated(config, path, content=text) for path, text in texts.items()]
    assets += [File.generated(config, path, abs_src_path=str(file)) for path, file in build.files.items()]
    for file in [*pages.values(), *assets]:
        if (own := files.get_file_from_path(file.src_uri)) is not None:
            files.remove(own)
        files.append(file)
    return files


def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in _LIBRARIES}}


def _is_own(file: File, config: Any) -> bool:
    """Whether a file comes from the notes' folder."""
    return bool(file.abs_src_path) and Path(str(file.abs_src_path)).is_relative_to(config.docs_dir)


def _topics(nav: list[Any], topic: str = "") -> dict[str, list[str]]:
    """Return the paths of notes in the navigation, by the title of the innermost group that has them."""
    found: dict[str, list[str]] = {}
    for item in nav:
        title, value = next(iter(item.items())) if isinstance(item, dict) else ("", item)
        inner = _topics(value, title) if isinstance(value, list) else {topic: [value]}
        for name, paths in inner.items():
            found.setdefault(name, []).extend(paths)
    return found


def _address(file: File) -> str:
    return "" if file.url == "./" else file.url


def _markdown(config: Any) -> markdown.Markdown:
    return markdown.Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs)


def on_page_read_source(page: Any, config: Any) -> str | None:
    """Keep MkDocs from reading the file again, and from taking a first line such as `Note: …` for metadata."""
    return "\n" if page.file.src_uri in config.garden.notes else None


def on_page_markdown(_: str, page: Any, config: Any, **__: Any) -> str:
    """Hand over the text that Markdown reads, and what the front matter says."""
    note = config.garden.notes[page.file.src_uri]
    page.edit_url = config.garden_engine.edit.address(_repository(config), note) or None
    # Themes print these as they are.
    page.title = escape(note.title)
    page.meta = note.meta.as_dict() | {"title": page.title, "description": escape(note.meta.description)}
    if note.title == config.site_name:
        del page.meta["title"]  # or it would stand twice in the window's title
    return str(config.garden.begin(note))


def on_page_content(html: str, page: Any, config: Any, **_: Any) -> None:
    """Take the HTML of a note."""
    config.garden.rendered(config.garden.notes[page.file.src_uri], html)


def on_nav(nav: Any, config: Any, files: Any) -> None:
    """Note where everything stands in the navigation."""
    config.garden_near = config.garden_engine.near.finder(nav.items)
    config.garden_site = config.garden_engine.Site(
        config.site_name,
        config.site_url or "",
        config.site_description or "",
        {page.file.src_uri: tuple(above.title for above in reversed(page.ancestors)) for page in nav.pages},
    )


def on_env(env: Any, config: Any, files: Any) -> None:
    """Complete the pages, give the templates what they need, and tell what is wrong."""
    env.filters["near"] = config.garden_near
    garden, build, site = config.garden_engine, config.garden, config.garden_site
    revision = config.garden_revision
    config.garden_pages = build.finish()
    config.garden_publication = garden.Publication(build, config.garden_pages, site)
    files.append(File.generated(config, garden.search.INDEX, content=build.index))
    # Only a site that is published has what is made for others.
    is_preview = _command == "serve"
    config.garden_pictures = None if is_preview else garden.Pictures(build.library.folder.parent, site.name)
    env.globals["guide"] = {
        "policy": "" if is_preview else garden.policy.meta(),
        "style": next(uri for uri in files.src_uris if uri.startswith(_THEME_STYLE)),
        "feed": config.garden_publication.feed,
        "offline": "" if is_preview else garden.offline.FILE,
        "slug": site.slug,
        "revision": revision,
        "commit": garden.revision.address(_repository(config), revision) if revision else "",
        **garden.search.addresses(build.assets, build.index),
    }
    if build.library.required and site.fault:
        log.warning("mkdocs.yml:1: %s", site.fault)
    for problem in [*build.problems, *config.garden_publication.problems]:
        log.log(logging.WARNING if problem.fatal else logging.INFO, "%s", problem)


def on_page_context(context: Any, page: Any, config: Any, **_: Any) -> None:
    """Hand over what is shown."""
    if found := config.garden_pages.get(page.file.src_uri):
        page.content = found.html
        context.update(tally=found.tally, around=found.around, backlinks=found.backlinks)
        context["about"] = config.garden_publication.about(
            config.garden.notes[page.file.src_uri], config.garden_pictures
        )


def on_post_build(config: Any) -> None:
    """Write what is published beside the pages: MkDocs would take Markdown for more pages."""
    folder = Path(config.site_dir)
    publication, pictures = config.garden_publication, config.garden_pictures
    for path, content in (publication.files | (pictures.files() if pictures else {})).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    if pictures:
        config.garden_engine.offline.pack(folder, config.garden_site.slug, publication.redirects)
