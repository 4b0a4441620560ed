"""Any record and any policy that the engine has to accept."""

from decimal import Decimal

from hypothesis import strategies as st

from rotc.grading import CadetRecord, ExamScore, Policy
from tests.grading.records import SND


def decimals(low, high, places=2):
    scale = 10**places
    return st.integers(low * scale, high * scale).map(lambda n: Decimal(n) / scale)


@st.composite
def exam_scores(draw, most_items=120):
    items = draw(st.integers(1, most_items))
    kind = draw(st.sampled_from(["score", "score", "score", "missing", "no-show", "excused"]))
    raw = draw(st.integers(0, items)) if kind == "score" else None
    absence = kind if kind in ("no-show", "excused") else None
    name = draw(st.sampled_from(["Prelim", "Midterm", "Final", "Practical"]))
    weight = draw(st.sampled_from([1, 1, 2, Decimal("0.5")]))
    return ExamScore(name, raw, items, weight, absence)


@st.composite
def records(draw, **fixed):
    facts = {
        "days": st.text("PPPPPPPPLEA", max_size=18),
        "planned_days": st.integers(0, 18),
        "merits": st.integers(0, 40),
        "demerits": st.integers(0, 130),
        "exams": st.lists(exam_scores(), max_size=4).map(tuple),
        "override": st.sampled_from([None] * 9 + ["INC"]),
        "drop_waived": st.booleans(),
        "final": st.booleans(),
    }
    return CadetRecord(**{k: fixed[k] if k in fixed else draw(v) for k, v in facts.items()})


@st.composite
def policies(draw, **fixed):
    first = draw(st.integers(0, 100))
    second = draw(st.integers(0, 100 - first))
    weights = (first, second, 100 - first - second)
    bounds = sorted(draw(st.sets(st.integers(0, 100), min_size=1, max_size=9)), reverse=True)
    minimums = [draw(st.none() | st.integers(0, weight)) for weight in weights]
    facts = SND.to_dict() | {
        "weight_attendance": weights[0],
        "weight_aptitude": weights[1],
        "weight_proficiency": weights[2],
        "credit_late": draw(decimals(0, 1)),
        "credit_excused": draw(st.just("neutral") | decimals(0, 1)),
        "lates_per_absence": draw(st.none() | st.integers(1, 4)),
        "aptitude_base": draw(st.integers(0, 120)),
        "aptitude_cap": draw(st.integers(0, 100)),
        "exam_base": draw(st.sampled_from([0, 0, 50, 60, 100])),
        "minimum_attendance": minimums[0],
        "minimum_aptitude": minimums[1],
        "minimum_proficiency": minimums[2],
        "passing_total": bounds[-1],
        "drop_rule": draw(st.booleans()),
        "unexcused_limit": draw(decimals(0, 1)),
        "consecutive_limit": draw(st.integers(1, 6)),
        "scale": [[bound, f"row {row}"] for row, bound in enumerate(bounds, 1)],
        "rounding": draw(st.sampled_from(["components", "total", "exact", "integer"])),
    }
    return Policy.from_dict(facts | fixed)


def shipped():
    return st.sampled_from(["msu-snd", "navrescom"]).map(Policy.preset)
