"""Makes default.docx, the document that a statement of work is written into where a firm has no template.

Run `python -m worker.tools.sow.make_template` after a change here or in `styles`. The file has styles, lists, a theme
and the page set-up, and no text. The tools never call this: they read the file.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from worker.tools.sow import styles
from worker.tools.sow.styles import APPENDIX_NUMBERS, BULLETS, FONTS, SECTION_NUMBERS, STYLES

FILE = Path(__file__).with_name("default.docx")

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument"
_PARTS = {"styles": "styles.xml", "numbering": "numbering.xml", "settings": "settings.xml",
          "fontTable": "fontTable.xml", "theme": "theme/theme1.xml"}  # fmt: skip

_COLOURS = {"dk1": "1F2933", "lt1": "FFFFFF", "dk2": "16324F", "lt2": "EDF2F7", "accent1": "2A6F97",
            "accent2": "E07A1F", "accent3": "3A8F6B", "accent4": "7256A8", "accent5": "C2543D", "accent6": "64748B",
            "hlink": "2A6F97", "folHlink": "7256A8"}  # fmt: skip
_SCRIPTS = {"Jpan": "Yu Gothic", "Hang": "Malgun Gothic", "Hans": "Microsoft YaHei", "Hant": "Microsoft JhengHei",
            "Arab": "Arial", "Hebr": "Arial", "Thai": "Leelawadee UI"}  # fmt: skip
"""The fonts for scripts that the theme's own font lacks. Each comes with Office."""


def parts() -> Mapping[str, str]:
    """The files of default.docx."""
    overrides = "".join(
        f'<Override PartName="/word/{file}" ContentType="{_KIND}.'
        + ("theme+xml" if name == "theme" else f"wordprocessingml.{name}+xml")
        + '"/>'
        for name, file in _PARTS.items()
    )
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{_R}/{name}" Target="{file}"/>'
        for number, (name, file) in enumerate(_PARTS.items(), 1)
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
        f'"application/xml"/><Override PartName="/word/document.xml" ContentType="{_KIND}.wordprocessingml.document'
        f'.main+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type='
        f'"{_R}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>',
        "word/document.xml": f'<w:document {_W} xmlns:r="{_R}"><w:body><w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1474" w:right="1303" w:bottom="1304" w:left="1303" w:header="680" w:footer="567"'
        ' w:gutter="0"/><w:titlePg/></w:sectPr></w:body></w:document>',
        "word/styles.xml": _styles(),
        "word/numbering.xml": _numbering(),
        "word/settings.xml": _settings(),
        "word/fontTable.xml": f"<w:fonts {_W}/>",
        "word/theme/theme1.xml": _theme(),
    }


def made() -> bytes:
    """The file. The same parts make the same bytes, whenever it is made."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as package:
        for name, xml in parts().items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, _HEAD + xml)
    return body.getvalue()


def _styles() -> str:
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{FONTS.format(font="minor")}<w:color w:val="auto" '
        'w:themeColor="text1"/><w:sz w:val="20"/><w:szCs w:val="20"/><w:lang w:val="en-GB" w:eastAsia="ja-JP"'
        ' w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
    )
    font = (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name'
        ' w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    )
    none = (
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/><w:uiPriority'
        ' w:val="99"/><w:semiHidden/></w:style>'
        '<w:style w:type="numbering" w:customStyle="1" w:styleId="SectionNumbers">'
        f'<w:name w:val="Section Numbers"/><w:pPr><w:numPr><w:numId w:val="{SECTION_NUMBERS}"/></w:numPr></w:pPr>'
        "</w:style>"
    )
    paragraphs = "".join(style.xml() for style in STYLES)
    return f"<w:styles {_W}>{defaults}{font}{none}{paragraphs}{styles.table_styles()}</w:styles>"


def _numbering() -> str:
    sections = "".join(
        _level(level, "decimal", ".".join(f"%{each + 1}" for each in range(level + 1)), f"Heading{level + 1}", hang)
        for level, hang in enumerate((28, 36, 42))
    )
    lists = {
        SECTION_NUMBERS: ("multilevel", '<w:styleLink w:val="SectionNumbers"/>', sections),
        APPENDIX_NUMBERS: ("singleLevel", "", _level(0, "upperLetter", "Appendix %1", "AppendixHeading", 0)),
        BULLETS: ("singleLevel", "", _level(0, "bullet", "\u2022", "ListBullet", 12)),
    }
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="{kind}"/>{link}{levels}</w:abstractNum>'
        for number, (kind, link, levels) in lists.items()
    )
    used = "".join(f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>' for number in lists)
    return f"<w:numbering {_W}>{abstract}{used}</w:numbering>"


def _level(level: int, kind: str, text: str, style: str, hang: int) -> str:
    """One level of a list, whose text hangs so many points to the right of its number. 0 is a space after it."""
    colour = '<w:rPr><w:color w:val="auto" w:themeColor="accent2"/></w:rPr>' if kind == "bullet" else ""
    indent = f'<w:tabs><w:tab w:val="num" w:pos="{hang * 20}"/></w:tabs>' if hang else ""
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:pStyle w:val="{style}"/>'
        f'<w:suff w:val="{"tab" if hang else "space"}"/><w:lvlText w:val="{text}{"" if hang else ":"}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr>{indent}<w:ind w:left="{hang * 20}" w:hanging="{hang * 20}"/></w:pPr>{colour}'
        "</w:lvl>"
    )


def _settings() -> str:
    """Word's newest compatibility mode, so that it does not open the document in an older one."""
    scheme = " ".join(
        f'w:{name}="{value}"'
        for name, value in {
            "bg1": "light1", "t1": "dark1", "bg2": "light2", "t2": "dark2",
            **{f"accent{number}": f"accent{number}" for number in range(1, 7)},
            "hyperlink": "hyperlink", "followedHyperlink": "followedHyperlink",
        }.items()
    )  # fmt: skip
    return (
        f'<w:settings {_W}><w:defaultTabStop w:val="720"/><w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:updateFields w:val="1"/><w:compat><w:compatSetting w:name="compatibilityMode"'
        ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="en-GB"'
        f' w:eastAsia="ja-JP" w:bidi="ar-SA"/><w:clrSchemeMapping {scheme}/></w:settings>'
    )


def _theme() -> str:
    colours = "".join(f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in _COLOURS.items())
    scripts = "".join(f'<a:font script="{script}" typeface="{font}"/>' for script, font in _SCRIPTS.items())
    fonts = "".join(
        f'<a:{kind}Font><a:latin typeface="Calibri"/><a:ea typeface=""/><a:cs typeface=""/>{scripts}</a:{kind}Font>'
        for kind in ("major", "minor")
    )
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="9525">{fill}<a:prstDash val="solid"/></a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'<a:theme {_A} name="Proposal"><a:themeElements><a:clrScheme name="Proposal">{colours}</a:clrScheme>'
        f'<a:fontScheme name="Proposal">{fonts}</a:fontScheme><a:fmtScheme name="Proposal"><a:fillStyleLst>{fill * 3}'
        f"</a:fillStyleLst><a:lnStyleLst>{line * 3}</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


def differences(body: bytes) -> Iterator[str]:
    """The parts in which a file differs from what this script makes."""
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        found = {name: package.read(name).decode() for name in package.namelist()}
    wanted = {name: _HEAD + xml for name, xml in parts().items()}
    yield from (name for name in sorted(found.keys() | wanted.keys()) if found.get(name) != wanted.get(name))


if __name__ == "__main__":
    FILE.write_bytes(made())
