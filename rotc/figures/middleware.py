from rotc.figures.measuring import Outcome, slow_queries


class NotedForFigures:
    """Says what is known of a request only within Django: which address it is of, and whose fault an error was."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with slow_queries():
            answer = self.get_response(request)
        outcome = _outcome(request)
        if request.resolver_match:
            outcome.route = request.resolver_match.view_name
        outcome.meant = getattr(answer, "meant", False)
        outcome.by_database = getattr(answer, "by_database", False)
        return answer


def _outcome(request) -> Outcome:
    return getattr(request, "scope", {}).get("outcome") or Outcome()
