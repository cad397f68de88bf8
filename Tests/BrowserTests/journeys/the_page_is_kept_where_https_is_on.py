"""In a secure context page and menu are there without a bar, and nothing else is kept; elsewhere no worker is tried."""

from bar import until

KEPT = """async () => {
    const names = [];
    for (const name of await caches.keys()) {
        for (const { url } of await (await caches.open(name)).keys()) names.push(new URL(url).pathname);
    }
    return names.sort();
}"""


def journey(bar, browser):
    phone = browser.phone(bar)
    phone.open(bar.join_path)
    page = phone.page
    page.get_by_role("heading").first.wait_for()
    if not page.evaluate("() => isSecureContext"):
        assert page.evaluate("() => 'serviceWorker' in navigator || 'caches' in window") is False
        return
    page.evaluate("() => navigator.serviceWorker.ready.then(() => {})")
    until(lambda: page.evaluate("() => navigator.serviceWorker.controller !== null"), "the worker is in charge")
    page.reload()
    page.get_by_role("heading").first.wait_for()
    until(lambda: page.evaluate("() => localStorage.getItem('barback.menu') !== null"), "the menu is kept")
    kept = page.evaluate(KEPT)
    assert "/" in kept and "/assets/words/es.json" in kept, kept
    assert all(path == "/" or path.startswith("/assets/") or path == "/manifest.webmanifest" for path in kept), kept
    with phone.trouble():
        bar.stop()
        page.goto("/")
        page.locator(".drink-row").first.wait_for()
        page.locator(".strip").get_by_text("No connection to the bar. Trying again by itself.").wait_for()
        drinks = page.evaluate("() => import('/assets/menu.js').then(({ menu }) => menu.drinks.size)")
        assert drinks == 50, drinks
        bar.restart()
