"""What a page keeps its phone busy with: the tasks of its main thread.

In milliseconds of processor time, which a machine that is busy elsewhere stretches little; by the clock the same task
takes twice as long as soon as somebody compiles. A slow phone takes about four times as long.
"""

import contextlib
import json

CATEGORIES = ["blink.user_timing", "toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"]


class Tasks:
    def __init__(self):
        self._tasks = []
        self._marks = {}

    def read(self, trace):
        events = json.loads(trace)["traceEvents"]
        marks = [event for event in events if event.get("cat") == "blink.user_timing"]
        own = {(mark["pid"], mark["tid"]) for mark in marks}
        assert own, "the page has set no mark"
        self._marks = {mark["name"]: mark["ts"] for mark in marks}
        self._tasks = [(event["ts"], event["tdur"] / 1000) for event in events
                       if event["name"] == "ThreadControllerImpl::RunTask" and (event["pid"], event["tid"]) in own
                       and "tdur" in event]
        assert self._tasks, "the browser tells of no tasks"

    @property
    def longest(self):
        return max(took for _, took in self._tasks)

    def until(self, mark):
        """All that was done before `performance.mark(mark)`."""
        return sum(took for at, took in self._tasks if at < self._marks[mark])


@contextlib.contextmanager
def tasks(page):
    """Of what is done meanwhile; to be looked at afterwards."""
    browser, seen = page.context.browser, Tasks()
    browser.start_tracing(page=page, categories=CATEGORIES)
    try:
        yield seen
        page.evaluate("performance.mark('end')")
    finally:
        trace = browser.stop_tracing()
    seen.read(trace)
