"""Sentences of the local model, a module per language. `shape` says what they must be."""

from __future__ import annotations

from .english import ENGLISH
from .french import FRENCH
from .german import GERMAN
from .shape import News, Phrases
from .spanish import SPANISH

__all__ = ["LANGUAGES", "News", "Phrases"]

# By ISO 639-1 code.
LANGUAGES: dict[str, Phrases] = {"en": ENGLISH, "es": SPANISH, "fr": FRENCH, "de": GERMAN}
