"""Requests of a page that are held back until the test lets them go: what comes in between is no accident then."""


class Held:
    """Requests to ``pattern``; with ``answered`` the server has seen to them and only the answers wait."""

    def __init__(self, page, pattern, *, answered=False):
        self.page, self.pattern, self.answered, self.routes = page, pattern, answered, []
        page.route(pattern, self._come)

    def _come(self, route):
        self.routes.append((route, {"response": route.fetch()} if self.answered else None))

    def wait(self):
        """Until there is one."""
        while not self.routes:
            self.page.wait_for_timeout(20)

    def let_go(self):
        self.wait()
        for route, answer in self.routes:
            route.fulfill(**answer) if answer else route.continue_()
        self.page.unroute(self.pattern)
