from rotc.demo.battalion import load
from rotc.management.base import HouseCommand, day


class Command(HouseCommand):
    help = "Load an invented battalion into an empty system and print six sign-ins: role, name, password."

    def add_arguments(self, parser):
        parser.add_argument("--cadets", type=int, default=300, metavar="N", help="how many cadets (300)")
        parser.add_argument(
            "--seed", type=int, default=1, metavar="S", help="another number, another battalion"
        )
        parser.add_argument("--password", help="the same for every account; else each has its own")
        parser.add_argument("--today", type=day, metavar="DATE", help="the day it is, in Manila")

    def run(self, *, cadets, seed, password, today, by, **options):
        for sign_in in load(cadets=cadets, seed=seed, today=today, password=password, by=by):
            self.stdout.write(str(sign_in))
