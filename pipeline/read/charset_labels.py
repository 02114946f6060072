"""Know the labels by which pages may name their encoding, and no other.

The labels are those of the WHATWG Encoding Standard, which browsers follow. Left out
are the ones that it replaces by nothing (`iso-2022-kr`, `hz-gb-2312`) and, since a page
that could be searched for its label is not in UTF-16, those of UTF-16.
"""

from functools import cache

LATIN = "iso-8859-{0} iso8859-{0} iso8859{0} iso_8859-{0}"
# Codec of Python to the labels; where browsers decode a superset, so do we.
LABELS = {
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8",
    "cp866": "866 cp866 csibm866 ibm866",
    "iso8859_2": f"{LATIN.format(2)} csisolatin2 iso-ir-101 iso_8859-2:1987 l2 latin2",
    "iso8859_3": f"{LATIN.format(3)} csisolatin3 iso-ir-109 iso_8859-3:1988 l3 latin3",
    "iso8859_4": f"{LATIN.format(4)} csisolatin4 iso-ir-110 iso_8859-4:1988 l4 latin4",
    "iso8859_5": f"{LATIN.format(5)} csisolatincyrillic cyrillic iso-ir-144 "
    "iso_8859-5:1988",
    "iso8859_6": f"{LATIN.format(6)} arabic asmo-708 csiso88596e csiso88596i "
    "csisolatinarabic ecma-114 iso-8859-6-e iso-8859-6-i iso-ir-127 iso_8859-6:1987",
    "iso8859_7": f"{LATIN.format(7)} csisolatingreek ecma-118 elot_928 greek greek8 "
    "iso-ir-126 iso_8859-7:1987 sun_eu_greek",
    "iso8859_8": f"{LATIN.format(8)} csiso88598e csisolatinhebrew hebrew iso-8859-8-e "
    "iso-ir-138 iso_8859-8:1988 visual csiso88598i iso-8859-8-i logical",
    "iso8859_10": f"{LATIN.format(10)} csisolatin6 iso-ir-157 l6 latin6",
    "iso8859_13": LATIN.format(13),
    "iso8859_14": LATIN.format(14),
    "iso8859_15": f"{LATIN.format(15)} csisolatin9 l9",
    "iso8859_16": "iso-8859-16",
    "koi8_r": "koi8-r cskoi8r koi koi8 koi8_r",
    "koi8_u": "koi8-u koi8-ru",
    "mac_roman": "macintosh csmacintosh mac x-mac-roman",
    "mac_cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "cp874": "windows-874 dos-874 tis-620 iso-8859-11 iso8859-11 iso885911",
    "cp1250": "windows-1250 cp1250 x-cp1250",
    "cp1251": "windows-1251 cp1251 x-cp1251",
    # Browsers read Latin-1 and ASCII as Windows-1252, so that is what pages were tried
    # with when they were written.
    "cp1252": f"{LATIN.format(1)} windows-1252 cp1252 x-cp1252 ansi_x3.4-1968 ascii "
    "us-ascii cp819 ibm819 csisolatin1 iso-ir-100 iso_8859-1:1987 l1 latin1 "
    "x-user-defined",
    "cp1253": "windows-1253 cp1253 x-cp1253",
    "cp1254": f"{LATIN.format(9)} windows-1254 cp1254 x-cp1254 csisolatin5 iso-ir-148 "
    "iso_8859-9:1989 l5 latin5",
    "cp1255": "windows-1255 cp1255 x-cp1255",
    "cp1256": "windows-1256 cp1256 x-cp1256",
    "cp1257": "windows-1257 cp1257 x-cp1257",
    "cp1258": "windows-1258 cp1258 x-cp1258",
    "gb18030": "gb18030 gbk gb2312 gb_2312 gb_2312-80 chinese csgb2312 "
    "csiso58gb231280 iso-ir-58 x-gbk",
    "big5hkscs": "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
    "euc_jp": "euc-jp cseucpkdfmtjapanese x-euc-jp",
    "iso2022_jp": "iso-2022-jp csiso2022jp",
    "cp932": "shift_jis shift-jis sjis csshiftjis ms932 ms_kanji windows-31j x-sjis",
    "cp949": "euc-kr cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 "
    "ks_c_5601-1989 ksc5601 ksc_5601 windows-949",
}


@cache
def _read_labels() -> dict[str, str]:
    """Return the codec of each label."""
    return {label: codec for codec, some in LABELS.items() for label in some.split()}


def find_codec(label: str) -> str | None:
    """Return Python's codec for a label as a page writes it; None for no label.

    >>> find_codec(" ISO-8859-1 "), find_codec("Shift_JIS"), find_codec("undefined")
    ('cp1252', 'cp932', None)
    """
    return _read_labels().get(label.strip("\t\n\f\r ").lower())
