"""Subsets the two fonts and writes the style sheet that declares them (see scripts/fonts)."""

import sys
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

MODULES, STYLE = Path(sys.argv[1]), Path(sys.argv[2])

# French and English, figures with their signs, what marks a sort or a direction.
# Other scripts, in titles and names, fall back to the reader's own fonts.
TEXT = (
    [chr(code) for code in range(0x20, 0x7F)]
    + [chr(code) for code in range(0xA0, 0x100)]
    + list("ŒœŸ–—‘’‚“”„•…‹›€−×≈≠≤≥←↑→↓●\u2009\u202f")
)

# How often a letter occurs, in thousandths (English and French, averaged; a space per word).
LETTERS = dict(
    a=66, b=10, c=25, d=33, e=112, f=14, g=12, h=29, i=60, j=3, k=4, l=39, m=23, n=58, o=54, p=21,
    q=5, r=53, s=58, t=68, u=37, v=12, w=10, x=3, y=9, z=1,
) | {" ": 182}  # fmt: skip

# The mean width of a letter of the fonts nearly everybody has, by LETTERS, in ems; from
# Liberation Sans and Serif, which are as wide as they are.
ARIAL, TIMES = 0.4386, 0.3964


def cut(source, target, family, weights, pinned, features):
    """Keeps the weights, characters and features that the style uses."""
    font = instancer.instantiateVariableFont(TTFont(source), {"wght": weights, **pinned})
    give_narrow_space(font)
    font = compiled(font)
    options = subset.Options(
        flavor="woff2",
        layout_features=features,
        # The licence and the copyright stay; a name that is reserved does not.
        name_IDs=[0, 13, 14],
        notdef_outline=True,
        hinting=False,
        desubroutinize=True,
        drop_tables=[*subset.Options().drop_tables, "HVAR", "MVAR", "BASE", "STAT"],
    )
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(TEXT))
    cutter.subset(font)
    subset.save_font(font, target, options)
    return declaration(TTFont(target), target, family, weights)


def compiled(font):
    """The same, whole again: the instancer leaves out glyphs that do not vary."""
    file = BytesIO()
    font.flavor = None
    font.save(file)
    return TTFont(file)


def give_narrow_space(font):
    """French groups digits with U+202F, which not every font has: two thirds of a space."""
    cmap = font.getBestCmap()
    if 0x202F in cmap:
        return
    space = cmap[0x20]
    name = "uni202F"
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"][name] = font["glyf"][space]
    font["hmtx"][name] = (font["hmtx"][space][0] * 2 // 3, 0)
    font["gvar"].variations[name] = []
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[0x202F] = name
    # It counts glyphs; browsers measure by gvar without it.
    if "HVAR" in font:
        del font["HVAR"]


def mean_width(font):
    """Of a letter, in ems."""
    cmap, widths = font.getBestCmap(), font["hmtx"]
    total = sum(widths[cmap[ord(letter)]][0] * often for letter, often in LETTERS.items())
    return total / sum(LETTERS.values()) / font["head"].unitsPerEm


def declaration(font, target, family, weights):
    fallback, there, width = (
        ("Arial", '"Liberation Sans"', ARIAL)
        if "Inter" in family
        else ("Times New Roman", '"Liberation Serif"', TIMES)
    )
    adjust = mean_width(font) / width
    em, lines = font["head"].unitsPerEm * adjust, font["hhea"]
    return f"""
@font-face {{
  font-family: "{family} Variable";
  src: url("fonts/{target.name}") format("woff2");
  font-weight: {weights[0]} {weights[1]};
  font-display: optional;
}}

@font-face {{
  font-family: "{family} Fallback";
  src: local("{fallback}"), local({there});
  size-adjust: {adjust:.2%};
  ascent-override: {lines.ascent / em:.2%};
  descent-override: {-lines.descent / em:.2%};
  line-gap-override: {lines.lineGap / em:.2%};
}}
"""


def main():
    common = ["kern", "liga", "calt", "ccmp", "tnum", "pnum", "lnum", "mark"]
    fonts = STYLE / "fonts"
    faces = cut(
        MODULES / "inter-ui/variable/InterVariable.woff2",
        fonts / "inter.woff2",
        "Inter",
        (400, 650),
        {"opsz": 14},
        [*common, "cv11", "ss03"],
    ) + cut(
        MODULES / "@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2",
        fonts / "source-serif-4.woff2",
        "Source Serif 4",
        (400, 600),
        {},
        common,
    )
    (STYLE / "fonts.css").write_text(
        "/* Made by scripts/fonts. Nothing shifts when a font arrives: it is shown if it is there at\n"
        "   the first paint (the page preloads it), else at the next page; and until then a font of\n"
        "   the machine's, made as wide and as high, stands in. Name both:\n"
        '   "Inter Variable", "Inter Fallback", …; "Source Serif 4 Variable", "Source Serif 4 Fallback", … */\n'
        + faces
    )


main()
