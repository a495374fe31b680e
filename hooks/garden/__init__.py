"""The engine: reads notes, links them both ways, checks snippet includes. It knows nothing of MkDocs."""

from .build import Build, SourceFile
from .problem import Problem

__all__ = ["Build", "Problem", "SourceFile"]
