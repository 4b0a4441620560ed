"""The way from a room of one term to the same room of another."""

from django import template

from rotc import access

register = template.Library()


@register.inclusion_tag("terms/_others.html", takes_context=True)
def other_terms(context, term):
    """Links to this page in every other term that its reader reads; nothing where there is no other."""
    request = context["request"]
    reads = access.terms(request.user, access.SEE_ROSTER)
    return {"others": [each for each in reads if each.pk != term.pk], "path": request.path}
