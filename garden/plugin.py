"""The MkDocs plugin: MkDocs calls these methods, the engine does the work. The only file that knows MkDocs."""

from __future__ import annotations

import logging
import platform
import re
from html import escape
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from mkdocs.config.base import ConfigErrors, ConfigWarnings, LegacyConfig, ValidationError
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from garden.build import Built, Project, SourceFile, build
from garden.lint import rules
from garden.markdown.convert import MarkdownSettings
from garden.model.note import Note
from garden.model.report import Report
from garden.model.rules import Severity
from garden.model.settings import Settings
from garden.model.site import CONFIG, Site
from garden.pages import edit_url
from garden.pages.margin import Margins
from garden.publish import csp, offline, page_text, revision, search_index
from garden.publish.site import Publication
from garden.publish.social_cards import SocialCards
from garden.runtime.published import BROWSER
from garden.snippets.library import Library
from garden.source import git_history, settings
from garden.source.git_history import History
from garden.theme.bundle import THEME

log = logging.getLogger("mkdocs.garden")
# What the theme that this one extends brings; of all this, pages load one style sheet.
_THEME_FILES = re.compile(r"assets/(?:javascripts|images|stylesheets/(?!main\.\w+\.min\.css$))")
_THEME_STYLE = "assets/stylesheets/main."
# What decides how a page looks, besides this repository.
_LIBRARIES = ("markdown", "mkdocs", "mkdocs-material", "pygments", "pymdown-extensions")


class GardenPlugin(BasePlugin[LegacyConfig]):  # type: ignore[no-untyped-call]
    """Links notes both ways, shows tested snippets, and publishes what belongs to them."""

    def __init__(self) -> None:
        self._settings = Settings()
        self._is_preview = False
        self._report: Report
        self._built: Built
        self._margins: Margins
        self._site: Site
        self._history: History
        self._revision: revision.Revision | None
        self._publication: Publication
        self._pictures: SocialCards | None

    def load_config(
        self, options: dict[str, Any], config_file_path: str | None = None
    ) -> tuple[ConfigErrors, ConfigWarnings]:
        """Read the settings. They are not those of a MkDocs `Config`: its messages know no line, and it has no others.

        What is returned as wrong, MkDocs prints, and stops.
        """
        file = Path(config_file_path or CONFIG)
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        report = Report()
        self._settings = settings.read(options, file.name, text, report)
        wrong = report.problems
        return [(f"{problem.file}:{problem.line}", ValidationError(problem.message)) for problem in wrong], []

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Note whether pages are for their author: MkDocs adds a script to them then, which reloads them."""
        self._is_preview = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Follow changes of what pages load."""
        root = Path(str(config.config_file_path)).parent
        config.watch += [str(THEME), str(BROWSER), str(root / self._settings.folders.snippets)]
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Build everything: what MkDocs gets are pages without text, to be filled, and files to publish."""
        root = Path(str(config.config_file_path)).parent
        self._report = Report()
        library = Library(root, self._settings, self._report)
        folders = (Path(config.docs_dir).name, library.folders.snippets)
        self._history = git_history.read(root, folders, self._report)
        # To their author, pages are as the files are, whatever was committed.
        self._revision = None if self._is_preview else revision.read(root)
        pages = {path: File.generated(config, path, content="\n") for path in library.pages}
        built = self._built = build(
            Project(
                docs=Path(config.docs_dir),
                files=[
                    SourceFile(file.src_uri, Path(str(file.abs_src_path)), _address(file))
                    for file in files
                    if _is_own(file, config)
                ],
                library=library,
                markdown=MarkdownSettings(config.markdown_extensions, config.mdx_configs),
                settings=self._settings,
                snippet_pages={path: _address(page) for path, page in pages.items()},
                topics=_topics(config.nav or []),
            ),
            self._report,
        )
        rules.check(built.notes.values(), self._report)
        # Every page is converted: MkDocs has nothing left to convert.
        config.markdown_extensions, config.mdx_configs = [], {}
        for file in list(files):
            if _is_own(file, config):
                unwanted = file.src_uri in built.refused
            else:
                unwanted = bool(_THEME_FILES.match(file.src_uri))
            if unwanted:
                files.remove(file)
        texts = {
            **built.assets,
            csp.HEADERS_FILE: csp.headers_file(),
            revision.FILE: revision.record(self._revision, library.proofs, _versions()),
        }
        assets = [File.generated(config, path, content=text) for path, text in texts.items()]
        assets += [File.generated(config, path, abs_src_path=str(file)) for path, file in built.files.items()]
        for file in [*pages.values(), *assets]:
            if (own := files.get_file_from_path(file.src_uri)) is not None:
                files.remove(own)
            files.append(file)
        return files

    def on_page_read_source(self, *, page: Page, config: MkDocsConfig) -> str | None:
        """Keep MkDocs from reading the file again, and from taking a first line such as `Note: …` for metadata."""
        return "\n" if page.file.src_uri in self._built.notes else None

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> None:
        """Hand over what the front matter says."""
        note = self._note(page)
        page.edit_url = edit_url.address(self._settings.repository, note) or None
        # Themes print these as they are.
        page.title = escape(note.title)
        page.meta = note.meta.as_dict() | {"title": page.title, "description": escape(note.meta.description)}
        if note.title == config.site_name:
            del page.meta["title"]  # or it would stand twice in the window's title

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Hand over a page, and its headings."""
        note = self._note(page)
        page.toc = get_toc(self._built.documents[note].toc)  # type: ignore[arg-type]  # they are what `toc` made
        return self._built.pages[note.path].html

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
        """Note where everything stands in the navigation."""
        self._site = Site(
            config.site_name,
            config.site_url or "",
            config.site_description or "",
            {page.file.src_uri: tuple(str(above.title) for above in [*page.ancestors][::-1]) for page in nav.pages},
        )

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:
        """Make what is published beside the pages, give the templates what they need, and report what is wrong."""
        built, site = self._built, self._site
        texts = page_text.of_all(built, site)
        self._margins = Margins(built.addresses, built.links)
        markdown = {path: text.markdown for path, text in texts.items()}
        publication = self._publication = Publication(built, site, self._history, markdown)
        index = search_index.script(built, {path: text.sections for path, text in texts.items()})
        files.append(File.generated(config, search_index.INDEX, content=index))
        # Only a site that is published has what is made for others.
        self._pictures = None if self._is_preview else SocialCards(built.library.root, site.name)
        env.globals["guide"] = {
            "policy": "" if self._is_preview else csp.meta(),
            "style": next(uri for uri in files.src_uris if uri.startswith(_THEME_STYLE)),
            "feed": publication.feed,
            "offline": "" if self._is_preview else offline.FILE,
            "slug": site.slug,
            "revision": self._revision,
            "commit": revision.address(self._settings.repository, self._revision) if self._revision else "",
            **search_index.addresses(built.assets, index),
        }
        if built.library.required:
            publication.check(self._report)
            site.check(self._report)
        for problem in self._report.problems:
            log.log(logging.WARNING if problem.severity is Severity.ERROR else logging.INFO, "%s", problem)

    def on_page_context(self, context: Any, *, page: Page, config: MkDocsConfig, nav: Navigation) -> None:
        """Hand over what stands around a page."""
        note = self._note(page)
        margin = self._margins.of(note)
        context.update(tally=margin.tally, around=margin.around, backlinks=margin.backlinks)
        context["about"] = self._publication.about(note, self._pictures)

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write what is published beside the pages: MkDocs would take Markdown for more pages."""
        folder = Path(config.site_dir)
        self._publication.write(folder)
        if self._pictures:
            self._pictures.write(folder)
            offline.pack(folder, self._site.slug, self._publication.redirects)

    def _note(self, page: Page) -> Note:
        return self._built.notes[page.file.src_uri]


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
