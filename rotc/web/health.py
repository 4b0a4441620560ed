from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse


@login_not_required
def alive(request):
    """200 as soon as the process serves; it asks nothing of any other part."""
    return HttpResponse("ok", content_type="text/plain")
