"""Documents: a plan as a Word document, as Markdown and as a deck of slides.

    word(outline, template)    .docx, in a company's own styles if its document is given
    markdown(outline)          the same text
    slides(deck)               .pptx with charts that hold their numbers

What they say is made where words are (`pages/ui/document`): an `Outline` and a `Deck` are all of it, in the reader's language.
"""

from model.io.document.markdown import markdown
from model.io.document.outline import Chapter, Chart, Deck, Outline, Series, Slide, Table, Text
from model.io.document.slides import slides
from model.io.document.word import word

__all__ = ["Chapter", "Chart", "Deck", "Outline", "Series", "Slide", "Table", "Text", "markdown", "slides", "word"]
