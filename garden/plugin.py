"""The MkDocs plugin: MkDocs calls these methods, the engine does the work. The only file that knows MkDocs."""

from __future__ import annotations

import logging
import platform
import re
from dataclasses import dataclass
from html import escape
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from markdown import Markdown
from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from garden.build import Build, SourceFile
from garden.model.note import Note
from garden.model.site import Site
from garden.pages import assemble, edit_url
from garden.publish import csp, offline, revision, search_index
from garden.publish.site import Publication
from garden.publish.social_cards import Pictures
from garden.runtime.published import BROWSER
from garden.snippets.library import Library
from garden.source import git_history
from garden.theme.bundle import THEME

log = logging.getLogger("mkdocs.garden")
# What the theme that this one extends brings; of all this, pages load one style sheet.
_THEME_FILES = re.compile(r"assets/(?:javascripts|images|stylesheets/(?!main\.\w+\.min\.css$))")
_THEME_STYLE = "assets/stylesheets/main."
# What decides how a page looks, besides this repository.
_LIBRARIES = ("markdown", "mkdocs", "mkdocs-material", "pygments", "pymdown-extensions")


class GardenConfig(Config):  # type: ignore[no-untyped-call]
    """The plugin's settings in ``mkdocs.yml``."""

    repository = config_options.Type(str, default="")
    proofs = config_options.Type(str, default="optional")


@dataclass(frozen=True, slots=True)
class _Finished:
    """What is there once every note has been read: pages by path, what is published beside them, pictures if any."""

    pages: dict[str, assemble.Page]
    publication: Publication
    pictures: Pictures | None


class GardenPlugin(BasePlugin[GardenConfig]):  # type: ignore[no-untyped-call]
    """Links notes both ways, shows tested snippets, and publishes what belongs to them."""

    def __init__(self) -> None:
        self._is_preview = False
        self._build: Build
        self._site: Site
        self._revision: revision.Revision | None
        self._finished: _Finished

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Note whether pages are for their author: MkDocs adds a script to them then, which reloads them."""
        self._is_preview = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Look at the settings; follow changes of what pages load."""
        if fault := edit_url.fault(self.config.repository):
            log.warning("mkdocs.yml:1: %s", fault)
        config.watch += [str(THEME), str(BROWSER)]
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Read the notes."""
        sources = [
            SourceFile(file.src_uri, Path(str(file.abs_src_path)), _address(file))
            for file in files
            if _is_own(file, config)
        ]
        root = Path(str(config.config_file_path)).parent
        library = Library(root, required=self.config.proofs == "required")
        history = git_history.read(root, Path(config.docs_dir).name, library.folder.name)
        if history.fault:
            log.info("mkdocs.yml:1: %s", history.fault)
        pages = {path: File.generated(config, path, content="\n") for path in library.pages}
        build = self._build = Build(
            sources,
            Path(config.docs_dir),
            library,
            lambda: Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs),
            pages={path: _address(page) for path, page in pages.items()},
            history=history,
            topics=_topics(config.nav or []),
        )
        config.markdown_extensions.append(build.extension)  # type: ignore[arg-type]  # an extension is as good as its name
        # What the engine has checked is what is shown: the same folder, wherever the build was started.
        config.mdx_configs.setdefault("pymdownx.snippets", {})["base_path"] = [str(library.folder)]
        config.mdx_configs.setdefault("pymdownx.superfences", {}).setdefault("custom_fences", []).extend(
            build.extension.fences()
        )
        for path in build.refused:
            if (refused := files.get_file_from_path(path)) is not None:
                files.remove(refused)
        for file in [file for file in files if _THEME_FILES.match(file.src_uri) and not _is_own(file, config)]:
            files.remove(file)
        # To their author, pages are as the files are, whatever was committed.
        self._revision = None if self._is_preview else revision.read(root)
        texts = build.assets | {
            csp.HEADERS_FILE: csp.headers_file(),
            revision.FILE: revision.record(self._revision, library.proofs, _versions()),
        }
        assets = [File.generated(config, path, content=text) for path, text in texts.items()]
        assets += [File.generated(config, path, abs_src_path=str(file)) for path, file in build.files.items()]
        for file in [*pages.values(), *assets]:
            if (own := files.get_file_from_path(file.src_uri)) is not None:
                files.remove(own)
            files.append(file)
        return files

    def on_page_read_source(self, *, page: Page, config: MkDocsConfig) -> str | None:
        """Keep MkDocs from reading the file again, and from taking a first line such as `Note: …` for metadata."""
        return "\n" if page.file.src_uri in self._build.notes else None

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Hand over the text that Markdown reads, and what the front matter says."""
        note = self._note(page)
        page.edit_url = edit_url.address(self.config.repository, note) or None
        # Themes print these as they are.
        page.title = escape(note.title)
        page.meta = note.meta.as_dict() | {"title": page.title, "description": escape(note.meta.description)}
        if note.title == config.site_name:
            del page.meta["title"]  # or it would stand twice in the window's title
        return self._build.begin(note)

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> None:
        """Take the HTML of a note."""
        self._build.rendered(self._note(page), html)

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
        """Note where everything stands in the navigation."""
        self._site = Site(
            config.site_name,
            config.site_url or "",
            config.site_description or "",
            {page.file.src_uri: tuple(str(above.title) for above in [*page.ancestors][::-1]) for page in nav.pages},
        )

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:
        """Complete the pages, give the templates what they need, and report what is wrong."""
        build, site = self._build, self._site
        pages = build.finish()
        publication = Publication(build, pages, site)
        files.append(File.generated(config, search_index.INDEX, content=build.index))
        # Only a site that is published has what is made for others.
        pictures = None if self._is_preview else Pictures(build.library.folder.parent, site.name)
        self._finished = _Finished(pages, publication, pictures)
        env.globals["guide"] = {
            "policy": "" if self._is_preview else csp.meta(),
            "style": next(uri for uri in files.src_uris if uri.startswith(_THEME_STYLE)),
            "feed": publication.feed,
            "offline": "" if self._is_preview else offline.FILE,
            "slug": site.slug,
            "revision": self._revision,
            "commit": revision.address(self.config.repository, self._revision) if self._revision else "",
            **search_index.addresses(build.assets, build.index),
        }
        if build.library.required and site.fault:
            log.warning("mkdocs.yml:1: %s", site.fault)
        for problem in [*build.problems, *publication.problems]:
            log.log(logging.WARNING if problem.fatal else logging.INFO, "%s", problem)

    def on_page_context(self, context: Any, *, page: Page, config: MkDocsConfig, nav: Navigation) -> None:
        """Hand over what is shown."""
        if found := self._finished.pages.get(page.file.src_uri):
            page.content = found.html
            context.update(tally=found.tally, around=found.around, backlinks=found.backlinks)
            context["about"] = self._finished.publication.about(self._note(page), self._finished.pictures)

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write what is published beside the pages: MkDocs would take Markdown for more pages."""
        folder = Path(config.site_dir)
        publication, pictures = self._finished.publication, self._finished.pictures
        for path, content in (publication.files | (pictures.files() if pictures else {})).items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        if pictures:
            offline.pack(folder, self._site.slug, publication.redirects)

    def _note(self, page: Page) -> Note:
        return self._build.notes[page.file.src_uri]


def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in _LIBRARIES}}


def _is_own(file: File, config: MkDocsConfig) -> bool:
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
