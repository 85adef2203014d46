"""Whether the quoted characters of a source say the number that a fact takes from them."""

import re

__all__ = ["says"]

_DIGITS = "零一二三四五六七八九"
_COUNTING = f"{_DIGITS}十百千万两双"


def says(quotation: str, number: str) -> bool:
    """Whether a quotation holds a number in digits or in Chinese, or lists as many things.

    Examples
    --------
    >>> says("三个角度", "3"), says("都小于0.1", "0.1"), says("购买价值、服务成本", "2"), says("十三个", "3")
    (True, True, True, False)
    """
    if number in re.findall(r"\d+(?:\.\d+)?", quotation):
        return True
    last = len(re.findall("[、与和及]", quotation))
    commas = len(re.findall("[,,]", quotation))  # some lists have commas before the last "and"
    return bool(last and number in (str(last + 1), str(commas + last + 1))) or any(
        re.search(f"(?<![{_COUNTING}]){written}(?![{_COUNTING}])", quotation) for written in _chinese(number)
    )


def _chinese(number: str) -> list[str]:
    """The ways to write a whole number below one hundred."""
    if not number.isdigit() or int(number) > 99:
        return []
    tens, ones = divmod(int(number), 10)
    if tens == 0:
        return [_DIGITS[ones], "两", "双"] if ones == 2 else [_DIGITS[ones]]
    return [(_DIGITS[tens] if tens > 1 else "") + "十" + (_DIGITS[ones] if ones else "")]
