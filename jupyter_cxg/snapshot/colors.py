"""Colors of categories as the user's ``uns`` has them: read generously, or not at all."""

import re
from collections.abc import Mapping, Sequence

_HEX = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_NUMBERS = re.compile(r"[(\[]?\s*([^()\[\]]+?)\s*[)\]]?")

# Named colors of CSS Color Module Level 4, https://www.w3.org/TR/css-color-4/#named-colors, and
# matplotlib's short names and "tab:" palette, which scanpy accepts.
_NAMES = dict(
    re.findall(
        r"(\S+)=(\w{6})",
        """
        aliceblue=f0f8ff antiquewhite=faebd7 aqua=00ffff aquamarine=7fffd4 azure=f0ffff beige=f5f5dc
        bisque=ffe4c4 black=000000 blanchedalmond=ffebcd blue=0000ff blueviolet=8a2be2 brown=a52a2a
        burlywood=deb887 cadetblue=5f9ea0 chartreuse=7fff00 chocolate=d2691e coral=ff7f50
        cornflowerblue=6495ed cornsilk=fff8dc crimson=dc143c cyan=00ffff darkblue=00008b darkcyan=008b8b
        darkgoldenrod=b8860b darkgray=a9a9a9 darkgreen=006400 darkgrey=a9a9a9 darkkhaki=bdb76b
        darkmagenta=8b008b darkolivegreen=556b2f darkorange=ff8c00 darkorchid=9932cc darkred=8b0000
        darksalmon=e9967a darkseagreen=8fbc8f darkslateblue=483d8b darkslategray=2f4f4f
        darkslategrey=2f4f4f darkturquoise=00ced1 darkviolet=9400d3 deeppink=ff1493 deepskyblue=00bfff
        dimgray=696969 dimgrey=696969 dodgerblue=1e90ff firebrick=b22222 floralwhite=fffaf0
        forestgreen=228b22 fuchsia=ff00ff gainsboro=dcdcdc ghostwhite=f8f8ff gold=ffd700 goldenrod=daa520
        gray=808080 green=008000 greenyellow=adff2f grey=808080 honeydew=f0fff0 hotpink=ff69b4
        indianred=cd5c5c indigo=4b0082 ivory=fffff0 khaki=f0e68c lavender=e6e6fa lavenderblush=fff0f5
        lawngreen=7cfc00 lemonchiffon=fffacd lightblue=add8e6 lightcoral=f08080 lightcyan=e0ffff
        lightgoldenrodyellow=fafad2 lightgray=d3d3d3 lightgreen=90ee90 lightgrey=d3d3d3 lightpink=ffb6c1
        lightsalmon=ffa07a lightseagreen=20b2aa lightskyblue=87cefa lightslategray=778899
        lightslategrey=778899 lightsteelblue=b0c4de lightyellow=ffffe0 lime=00ff00 limegreen=32cd32
        linen=faf0e6 magenta=ff00ff maroon=800000 mediumaquamarine=66cdaa mediumblue=0000cd
        mediumorchid=ba55d3 mediumpurple=9370db mediumseagreen=3cb371 mediumslateblue=7b68ee
        mediumspringgreen=00fa9a mediumturquoise=48d1cc mediumvioletred=c71585 midnightblue=191970
        mintcream=f5fffa mistyrose=ffe4e1 moccasin=ffe4b5 navajowhite=ffdead navy=000080 oldlace=fdf5e6
        olive=808000 olivedrab=6b8e23 orange=ffa500 orangered=ff4500 orchid=da70d6 palegoldenrod=eee8aa
        palegreen=98fb98 paleturquoise=afeeee palevioletred=db7093 papayawhip=ffefd5 peachpuff=ffdab9
        peru=cd853f pink=ffc0cb plum=dda0dd powderblue=b0e0e6 purple=800080 rebeccapurple=663399
        red=ff0000 rosybrown=bc8f8f royalblue=4169e1 saddlebrown=8b4513 salmon=fa8072 sandybrown=f4a460
        seagreen=2e8b57 seashell=fff5ee sienna=a0522d silver=c0c0c0 skyblue=87ceeb slateblue=6a5acd
        slategray=708090 slategrey=708090 snow=fffafa springgreen=00ff7f steelblue=4682b4 tan=d2b48c
        teal=008080 thistle=d8bfd8 tomato=ff6347 turquoise=40e0d0 violet=ee82ee wheat=f5deb3 white=ffffff
        whitesmoke=f5f5f5 yellow=ffff00 yellowgreen=9acd32
        b=0000ff g=008000 r=ff0000 c=00bfbf m=bf00bf y=bfbf00 k=000000 w=ffffff
        tab:blue=1f77b4 tab:orange=ff7f0e tab:green=2ca02c tab:red=d62728 tab:purple=9467bd
        tab:brown=8c564b tab:pink=e377c2 tab:gray=7f7f7f tab:grey=7f7f7f tab:olive=bcbd22
        tab:cyan=17becf
        """,
    )
)


def read_color(text: str) -> str | None:
    """A color as ``"#rrggbb"``, or None if it is none.

    Understands ``#rgb``, ``#rrggbb`` (with alpha, which is dropped), names, and three or four numbers,
    all in 0..1 or, when one is larger, all in 0..255.
    """
    text = text.strip().lower()
    if _HEX.fullmatch(text):
        digits = text[1:]
        if len(digits) < 6:
            digits = "".join(2 * digit for digit in digits)
        return f"#{digits[:6]}"
    if text in _NAMES:
        return f"#{_NAMES[text]}"
    return _from_numbers(text)


def category_colors(categories: Sequence[str], colors: Sequence[str]) -> Mapping[str, str] | None:
    """Category → color, or None when the list is too short or has a color that cannot be read.

    Colors beyond the categories are what scanpy leaves after categories were removed: not an error.
    """
    if len(colors) < len(categories):
        return None
    found: dict[str, str] = {}
    for category, text in zip(categories, colors, strict=False):
        color = read_color(text)
        if color is None:
            return None
        found[category] = color
    return found


def _from_numbers(text: str) -> str | None:
    inside = _NUMBERS.fullmatch(text)
    parts = re.split(r"[\s,]+", inside.group(1)) if inside else []
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return None
    if len(numbers) not in (3, 4):
        return None
    rgb = numbers[:3]
    scale = 255 if max(rgb) <= 1 else 1
    if not all(0 <= number * scale <= 255 for number in rgb):
        return None
    return "#" + "".join(f"{round(number * scale):02x}" for number in rgb)
