"""Reading what happened."""

from django.db.models import Q

from rotc.journal.models import JournalEntry


def of_enrollment(enrollment):
    """Everything about one cadet in one term, and about the cadet's record itself."""
    person = Q(cadet_id=enrollment.cadet_id, term_id=None)
    return JournalEntry.objects.filter(Q(enrollment_id=enrollment.pk) | person)


def of_cadet(cadet, enrollments):
    """The cadet's record, and what happened in these enrollments of theirs."""
    record = Q(enrollment_id=None) | Q(enrollment_id__in=[each.pk for each in enrollments])
    return JournalEntry.objects.filter(record, cadet_id=cadet.pk)


def of_score(enrollment, exam):
    return JournalEntry.objects.filter(subject=f"score:{enrollment.pk}:{exam.pk}")


def newest_act(lines):
    """The act that the newest of these lines is of, if any."""
    return lines.order_by("-pk").values_list("act", flat=True).first()


def of_day(day, enrollments):
    """The day itself, and the marks on it of these enrollments."""
    marks = Q(subject__startswith=f"mark:{day.pk}:", enrollment_id__in=enrollments.values("pk"))
    return JournalEntry.objects.filter(Q(subject=f"day:{day.pk}") | marks)


def of_term(term):
    return JournalEntry.objects.filter(term_id=term.pk)
