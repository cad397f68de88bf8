"""Ready is seen, heard, felt, and said aloud once: in one of two tabs, past a dark screen, and after the phone was off;
at an address where the browser has less, nothing of that is in the way of the rest."""

from bar import until

# What a browser without a loudspeaker, a motor and a lock screen is asked to do.
RECORD = """
    window.did = { notes: 0, shakes: [], notices: [], awake: 0, slept: 0 };
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...at) { window.did.notes += 1; return start.apply(this, at); };
    navigator.vibrate = (pattern) => { window.did.shakes.push(pattern); return true; };
    if (navigator.serviceWorker) {
        ServiceWorkerRegistration.prototype.showNotification = async (title, { body, data }) => {
            window.did.notices.push([title, body, data]);
        };
    }
    if (navigator.wakeLock) {
        navigator.wakeLock.request = async () => {
            const lock = new EventTarget();
            lock.release = async () => { window.did.slept += 1; lock.dispatchEvent(new Event('release')); };
            window.did.awake += 1;
            window.lock = lock;
            return lock;
        };
    }
"""
LET_GO = "() => { window.lock?.dispatchEvent(new Event('release')); }"


def did(page, what):
    return page.evaluate("(what) => window.did[what]", what)


def journey(bar, browser):
    phone = browser.phone(bar)
    page = phone.page
    is_safe = bar.origin.startswith("http://localhost")
    if is_safe:
        phone.context.grant_permissions(["notifications"], origin=bar.origin)
    phone.context.add_init_script(RECORD)
    phone.join("Ana")
    if is_safe:
        page.evaluate("() => navigator.serviceWorker.ready.then(() => {})")
    assert did(page, "awake") == 0

    # Looked at: the screen, two notes, a shake, and words for those who do not see it. One tab of two.
    other = phone.context.new_page()
    other.goto("/")
    other.locator(".drink-row").first.wait_for()
    page.bring_to_front()
    order = phone.order("Negroni")
    other.locator(".order-bar").get_by_text("Negroni is in line").wait_for()
    until(lambda: did(page, "awake") == (1 if is_safe else 0), "the screen stays on")
    bar.move(order, "ready")
    until(lambda: did(page, "notes") + did(other, "notes") > 0 or did(page, "shakes") or did(other, "shakes"), "it is told")
    for tab in (page, other):
        tab.locator(".order-bar").get_by_text("Negroni is ready").wait_for(state="attached")
    teller = next(tab for tab in (page, other) if tab.locator("dialog[open]").count())
    teller.locator("dialog[open] h1").get_by_text("Ready.", exact=True).wait_for()
    teller.locator("dialog [aria-live=assertive]").get_by_text("Ready. Your Negroni stands at the bar, Ana.").wait_for(
        state="attached")
    assert teller.evaluate("() => document.activeElement.textContent") == "Ready."
    assert page.locator("dialog[open]").count() + other.locator("dialog[open]").count() == 1
    assert did(page, "notices") + did(other, "notices") == []
    other.close()
    bar.move(order, "completed")
    until(lambda: did(page, "slept") == (1 if is_safe else 0), "the screen may go dark")
    if page.locator("dialog[open]").count():
        page.keyboard.press("Escape")

    # In a pocket: a title, and a notice where the browser has them, once; the screen goes on again when it is out.
    first = did(page, "notes")
    order = phone.order("Daiquiri")
    until(lambda: did(page, "awake") == (2 if is_safe else 0), "the screen stays on for the next")
    phone.put_away()
    page.evaluate(LET_GO)
    phone.take_out()
    until(lambda: did(page, "awake") == (3 if is_safe else 0), "and again when it comes out")
    phone.put_away()
    bar.move(order, "ready")
    until(lambda: page.title() == "Ready: Daiquiri", "the tab says so")
    bar.ask("PUT", "/admin/bar", {"accepting_orders": True, "message": "Last orders."})
    page.locator(".lede").get_by_text("Last orders.").wait_for(state="attached")
    assert page.title() == "Ready: Daiquiri"
    assert did(page, "notes") == first + 2, "two notes"
    until(lambda: did(page, "shakes")[-1:] == [200], "it shakes once")
    if is_safe:
        wanted = [["Ready.", "Your Daiquiri stands at the bar.", f"/#/order/{order['id']}"]]
        until(lambda: did(page, "notices") == wanted, "a notice is shown")
    assert did(page, "notices") == (wanted if is_safe else [])
    phone.take_out()
    assert page.title() == "Barback"
    page.locator("dialog[open] h1").get_by_text("Ready.", exact=True).wait_for()

    # Switched off: it is said when it is on again, and then no more; the next tap of a finger brings the sound back.
    page.keyboard.press("Escape")
    bar.move(order, "completed")
    order = phone.order("Margarita")
    bar.ask("GET", "/bar")
    page.goto("about:blank")
    bar.move(order, "ready")
    page.goto("/")
    page.locator("dialog[open] h1").get_by_text("Ready.", exact=True).wait_for()
    assert did(page, "notes") == 0, "no page sounds that nobody has touched"
    page.get_by_text("I have it").click()
    page.reload()
    page.locator(".order-bar").get_by_text("Margarita is ready").wait_for()
    page.wait_for_timeout(500)
    assert page.locator("dialog[open]").count() == 0
    # Taken by the wrong guest, and made again.
    bar.move(order, "pending")
    page.locator(".order-bar").get_by_text("Margarita is in line").wait_for()
    page.get_by_role("heading").first.click()
    bar.move(order, "ready")
    page.locator("dialog[open] h1").get_by_text("Ready.", exact=True).wait_for()
    until(lambda: did(page, "notes") == 2, "it sounds after a tap anywhere")
