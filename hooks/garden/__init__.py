"""The engine: reads notes, links them both ways, checks snippet includes. It knows nothing of MkDocs."""

from . import edit, near, policy, search
from .build import Build, SourceFile
from .library import Library
from .problem import Problem

__all__ = ["Build", "Library", "Problem", "SourceFile", "edit", "near", "policy", "search"]
