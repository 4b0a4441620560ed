"""Inventing cadets: who they are, before anybody is placed anywhere."""

from datetime import date, timedelta
from random import Random

from rotc.demo.names import BARANGAYS, KNOWN_PEOPLE, LAST_NAMES, MEN, PROVINCE, TOWNS, WOMEN, listed
from rotc.roster.models import Cadet, ListedValue, folded

YEAR_LEVELS = ["1st", "2nd", "3rd", "4th"]
SHARE_OF_YEAR_LEVELS = [64, 27, 7, 2]


class Inventor:
    """Makes cadets of one random source, no two of the same name."""

    def __init__(self, random: Random, entry_year: int):
        self.random = random
        self.entry_year = entry_year
        self.last_names = listed(LAST_NAMES)
        self.first_names = {Cadet.Sex.MALE: listed(MEN), Cadet.Sex.FEMALE: listed(WOMEN)}
        programmes = ListedValue.objects.filter(list=ListedValue.List.PROGRAMME)
        self.programmes = list(programmes.values_list("value", flat=True)) or [""]
        self.known = set(KNOWN_PEOPLE)

    def cadets(self, count: int) -> list[tuple[Cadet, str]]:
        """``count`` unsaved cadets, each with a year level."""
        serials = self.random.sample(range(1, 10 * count), count)
        return [self._cadet(place, serial) for place, serial in enumerate(serials, start=1)]

    def name(self, sex: str) -> tuple[str, str]:
        """A first and a last name that nobody here has yet."""
        while True:
            name = self.random.choice(self.first_names[sex]), self.random.choice(self.last_names)
            if name not in self.known:
                self.known.add(name)
                return name

    def _cadet(self, place, serial) -> tuple[Cadet, str]:
        random = self.random
        sex = random.choices([Cadet.Sex.MALE, Cadet.Sex.FEMALE], [56, 44])[0]
        year_level = random.choices(YEAR_LEVELS, SHARE_OF_YEAR_LEVELS)[0]
        years_in = YEAR_LEVELS.index(year_level)
        first_name, last_name = self.name(sex)
        if place == 1:
            last_name = "Dela Peña"  # a small battalion has its ñ too
        cadet = Cadet(
            # The year of entry; serials keep their leading zeros.
            student_number=f"{self.entry_year - years_in}-{serial:05}",
            last_name=last_name,
            first_name=first_name,
            middle_name=random.choice(self.last_names) if random.random() < 0.94 else "",
            suffix=self._suffix(sex),
            email=f"{_mailbox(first_name, last_name)}.{place}@cadets.rotc.example",
            contact_number=f"0900000{place:04}",  # 0900 is nobody's mobile prefix
            address=self._address(),
            sex=sex,
            birthdate=self._birthdate(years_in),
            programme=random.choice(self.programmes),
        )
        cadet.set_sort_name()
        return cadet, year_level

    def _suffix(self, sex) -> str:
        if sex == Cadet.Sex.FEMALE:
            return ""
        return self.random.choices(["", "Jr.", "III"], [96, 3, 1])[0]

    def _address(self) -> str:
        random = self.random
        where = f"Barangay {random.choice(BARANGAYS)}, {random.choice(TOWNS)}, {PROVINCE}"
        return f"Purok {random.randint(1, 9)}, {where}"

    def _birthdate(self, years_in) -> date:
        youngest = date(self.entry_year - 18 - years_in, 1, 1)
        return youngest - timedelta(days=self.random.randrange(600))


def _mailbox(first_name, last_name) -> str:
    bare = folded(f"{first_name[0]}{last_name}")
    return "".join(letter for letter in bare if letter.isalnum())
