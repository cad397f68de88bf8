"""A phone in a guest's hand: one browser context that nobody else shares, and what it complained about."""

import contextlib

from playwright.sync_api import sync_playwright

from bar import until


class Browser:
    """One Chromium for a journey; each phone is a context of its own in it."""

    def __init__(self):
        self._driver = sync_playwright().start()
        # Nothing but this machine is reached, whatever a page asks for. Containers have no sandbox to give.
        rules = "MAP bar.test 127.0.0.1, EXCLUDE localhost, EXCLUDE 127.0.0.1, MAP * ~NOTFOUND"
        self._chromium = self._driver.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", f"--host-resolver-rules={rules}"])
        self.phones = []

    def phone(self, bar, **settings):
        phone = Phone(self._chromium, bar, settings)
        self.phones.append(phone)
        return phone

    def desk(self):
        """A page that belongs to no bar."""
        return self._chromium.new_page()

    def close(self):
        self._chromium.close()
        self._driver.stop()


class Phone:
    def __init__(self, chromium, bar, settings):
        settings = {"viewport": {"width": 390, "height": 844}, "locale": "en-GB", **settings}
        self.context = chromium.new_context(base_url=bar.origin, **settings)
        self.context.set_default_timeout(10_000)
        self.page = self.context.new_page()
        self.complaints = []
        self._bar = bar
        self._excused = False
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        self.page.on("request", self._watch)

    def _hear(self, message):
        if message.type in ("error", "warning") and not self._excused:
            self.complaints.append(f"{message.type}: {message.text}")

    def _watch(self, request):
        if not request.url.startswith((self._bar.origin + "/", "data:", "blob:")):
            self.complaints.append(f"asked elsewhere: {request.url}")

    @contextlib.contextmanager
    def trouble(self):
        """What the browser writes about a server that is away is no complaint."""
        self._excused = True
        try:
            yield
        finally:
            self._excused = False

    def open(self, path):
        self.page.goto(path)

    def join(self, name):
        """Comes in by the link at the door."""
        self.open(self._bar.join_path)
        self.come_in(name)

    def sign_in(self, path="/host", name="host", password=None):
        """Goes behind the bar; as the host unless told."""
        self.open(path)
        self.page.locator("#username").fill(name)
        self.page.locator("#password").fill(password or self._bar.first_run["admin"]["password"])
        self.page.locator("form .primary").click()
        self.page.locator("#username").wait_for(state="detached")

    def put_away(self, is_away=True):
        """The screen goes dark, or shows something else; no headless browser hides a page by itself."""
        self.page.evaluate("""(isAway) => {
            Object.defineProperty(document, "hidden", { configurable: true, value: isAway });
            document.dispatchEvent(new Event("visibilitychange"));
        }""", is_away)

    def take_out(self):
        self.put_away(False)

    @contextlib.contextmanager
    def requests(self):
        """The paths that are asked for meanwhile, but for files and the stream."""
        paths = []

        def note(request):
            path = request.url.removeprefix(self._bar.origin)
            if not path.startswith(("/assets/", "/events")) and request.resource_type == "fetch":
                paths.append(path)

        self.page.on("request", note)
        try:
            yield paths
        finally:
            self.page.remove_listener("request", note)

    def come_in(self, name):
        self.page.locator("#name").fill(name)
        self.page.locator("form .primary").click()
        self.page.locator("dialog.sheet").wait_for(state="detached")

    def order(self, drink):
        """Presses Order; the order as the staff see it, once it is in the queue."""
        known = {order["id"] for order in self._bar.queue()}
        self.page.get_by_role("button", name=f"Order: {drink}", exact=True).click()
        return until(
            lambda: next((order for order in self._bar.queue() if order["id"] not in known), None),
            f"a {drink} is in the queue")
