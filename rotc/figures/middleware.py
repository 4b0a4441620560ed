from rotc.figures.measuring import Seen, slow_queries


class NotedForFigures:
    """Says what is known of a request only within Django: which address it is of, and whose fault an error was."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with slow_queries():
            answer = self.get_response(request)
        seen = _seen(request)
        if request.resolver_match:
            seen.route = request.resolver_match.view_name
        seen.meant = getattr(answer, "meant", False)
        seen.by_database = getattr(answer, "by_database", False)
        return answer


def _seen(request) -> Seen:
    return getattr(request, "scope", {}).get("seen") or Seen()
