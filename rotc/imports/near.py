"""Which words are a letter or two apart."""

from functools import lru_cache


def within(one: str, other: str, most: int) -> bool:
    """Whether at most ``most`` letters are to be added, dropped, exchanged or swapped to make both the same."""
    # A letter exchanged changes two of the letters that only one of them has; most words differ by far more.
    if abs(len(one) - len(other)) > most or (_letters(one) ^ _letters(other)).bit_count() > 2 * most:
        return False
    return distance(one, other, most) <= most


@lru_cache(maxsize=1 << 14)
def _letters(word) -> int:
    """Which letters a word has, a bit each."""
    return sum(1 << (ord(letter) % 64) for letter in set(word))


def distance(one: str, other: str, most: int) -> int:
    """How many letters two words are apart, counted up to ``most`` + 1."""
    before, row = [], list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        earlier, before, row = before, row, [at]
        for place, sign in enumerate(other, 1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != sign))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == sign:
                cost = min(cost, earlier[place - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def rests(word: str) -> set[str]:
    """The word, and what is left of it without one of its letters: words a letter apart share one of these."""
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}
