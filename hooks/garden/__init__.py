"""The engine: reads notes, links them both ways, checks snippet includes. It knows nothing of MkDocs."""

from . import edit, history, near, offline, policy, revision, search
from .build import Build, SourceFile
from .library import Library
from .problem import Problem
from .publication import Publication
from .site import Site
from .social import Pictures

__all__ = [
    "Build",
    "Library",
    "Pictures",
    "Problem",
    "Publication",
    "Site",
    "SourceFile",
    "edit",
    "history",
    "near",
    "offline",
    "policy",
    "revision",
    "search",
]
