"""Settings reach the guests; somebody new signs in, and out for good; a key is shown once, opens, and is turned off."""

import urllib.error
import urllib.request

from bar import until


def journey(bar, browser):
    host = browser.phone(bar, viewport={"width": 1180, "height": 820})
    host.sign_in("/host#/house")
    page = host.page

    page.get_by_label("Name of the bar").fill("Ingrid\u2019s kitchen")
    page.get_by_role("button", name="Keep it so").click()
    until(lambda: bar.ask("GET", "/bar")["name"] == "Ingrid\u2019s kitchen", "guests read the new name")
    page.get_by_text("It holds from now on.").wait_for()
    # Another host is faster: nothing is overwritten unseen.
    bar.ask("PUT", "/admin/settings", {"max_active_orders": 7})
    with host.trouble():
        page.get_by_label("Name of the bar").fill("Mine")
        page.get_by_role("button", name="Keep it so").click()
        page.get_by_text("Somebody else has changed it meanwhile.").wait_for()
    assert page.get_by_label("Name of the bar").input_value() == "Ingrid\u2019s kitchen"
    assert page.get_by_label("Orders a guest may have waiting").input_value() == "7"

    page.get_by_role("button", name="Add somebody").click()
    page.get_by_label("Name", exact=True).fill("host")
    with host.trouble():
        page.locator("dialog .primary").click()
        page.get_by_text("Somebody here signs in by this name already.").wait_for()
    page.get_by_label("Name", exact=True).fill("mona")
    password = page.get_by_label("Password", exact=True).input_value()
    assert len(password) >= 16
    page.locator("dialog .primary").click()
    page.locator("li", has_text="mona").get_by_text("has not signed in yet").wait_for()
    assert password not in page.content()
    mona = browser.phone(bar, viewport={"width": 1180, "height": 820})
    mona.sign_in("/host", "mona", password)
    mona.page.locator(".rail").wait_for()
    assert mona.page.locator(".rail a[href='#/house']").count() == 0
    with mona.trouble():
        page.get_by_role("button", name="Remove mona").click()
        page.locator("dialog .primary").click()
        mona.page.locator("#username").wait_for()

    page.get_by_role("button", name="Make a key").click()
    page.get_by_label("Name", exact=True).fill("Lamp")
    page.locator("dialog .primary").click()
    key = page.get_by_label("Key", exact=True).input_value()
    assert opens(bar, key)
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    assert key not in page.content()
    page.reload()
    page.get_by_role("button", name="Turn off: Lamp").click()
    page.locator("dialog .primary").click()
    until(lambda: not opens(bar, key), "the key opens nothing")


def opens(bar, key):
    request = urllib.request.Request(f"http://127.0.0.1:{bar.port}/bar", headers={"X-Api-Key": key})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status == 200
    except urllib.error.HTTPError as error:
        assert error.code == 401, error.code
        return False
