"""The two policies that ship, as data in the shape of `Policy.to_dict()`."""

MSU_SND = {
    "weight_attendance": "30",
    "weight_aptitude": "30",
    "weight_proficiency": "40",
    "credit_late": "1",
    "credit_excused": "1",
    "lates_per_absence": None,
    "aptitude_base": "100",
    "aptitude_cap": "100",
    "exam_base": "0",
    "minimum_attendance": None,
    "minimum_aptitude": None,
    "minimum_proficiency": None,
    "passing_total": "75",
    "drop_rule": False,
    "unexcused_limit": "0.20",
    "consecutive_limit": 3,
    "scale": [["95", "1.00"], ["90", "1.50"], ["85", "2.00"], ["80", "2.50"], ["75", "3.00"]],
    "code_dropped": "DO",
    "code_incomplete": "INC",
    "code_deferred": "T",
    "rounding": "components",
    "planned_days": 15,
    "exams": [
        {"name": "Prelim", "items": 100, "weight": "1"},
        {"name": "Midterm", "items": 100, "weight": "1"},
        {"name": "Final", "items": 100, "weight": "1"},
    ],
}

NAVRESCOM = {
    **MSU_SND,
    "exam_base": "50",
    "minimum_attendance": "24",
    "minimum_proficiency": "28",
    "drop_rule": True,
    "scale": [
        ["98", "1.00"],
        ["95", "1.25"],
        ["92", "1.50"],
        ["89", "1.75"],
        ["86", "2.00"],
        ["83", "2.25"],
        ["80", "2.50"],
        ["77", "2.75"],
        ["75", "3.00"],
    ],
    "code_dropped": "DRP",
}

PRESETS = {"msu-snd": MSU_SND, "navrescom": NAVRESCOM}
