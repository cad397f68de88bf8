"""Drinks and sections are put in order by keys, by buttons and by dragging, and guests see just that order; what is
hidden or deleted comes back by one tap."""

from bar import until


def journey(bar, browser):
    guest = browser.phone(bar)
    guest.join("Ana")
    guest.page.locator(".drink-row").first.wait_for()
    host = browser.phone(bar, viewport={"width": 1180, "height": 820})
    host.sign_in("/host#/menu")
    page = host.page
    page.locator(".menu-row").first.wait_for()

    def on_host(section=0):
        return page.locator(".menu-section").nth(section).locator(".menu-row h3").all_text_contents()

    def on_guest(section=0):
        return guest.page.locator(".shelf").nth(section).locator(".drink-row h3").all_text_contents()

    def follows(wanted, what, section=0):
        assert on_host(section) == wanted, (what, on_host(section))
        until(lambda: on_guest(section) == wanted, f"guests see it: {what}")

    def focused():
        return page.evaluate("() => document.activeElement.getAttribute('aria-label')")

    first, second, third, *rest = on_host()
    page.get_by_role("button", name=f"{first}: one down").click()
    follows([second, first, third, *rest], "a button")
    assert focused() == f"{first}: one down"

    # A quick hand, on a line where what is sent first comes last.
    page.evaluate("""() => {
        const plain = window.fetch;
        let wait = 800;
        window.fetch = async (...all) => {
            const own = all[1]?.method === "PUT" ? wait : 0;
            if (own) wait = Math.max(0, wait - 400);
            await new Promise((resolve) => { setTimeout(resolve, own); });
            return plain(...all);
        };
    }""")
    for way in "down", "down":
        page.get_by_role("button", name=f"{second}: one {way}", exact=True).click()
    until(lambda: on_guest() == [first, third, second, *rest], "guests see both steps")
    for way in "up", "up":
        page.get_by_role("button", name=f"{second}: one {way}", exact=True).click()
    follows([second, first, third, *rest], "a quick hand")

    page.locator(".menu-row .handle").nth(1).focus()
    page.keyboard.press("ArrowDown")
    follows([second, third, first, *rest], "an arrow key")
    assert focused().startswith(f"Move {first}")

    def drag(handle, to, above=True):
        start, end = handle.bounding_box(), to.bounding_box()
        page.mouse.move(start["x"] + 10, start["y"] + 10)
        page.mouse.down()
        page.mouse.move(start["x"] + 10, start["y"] - 10, steps=2)
        page.mouse.move(start["x"] + 10, end["y"] + (4 if above else end["height"] - 4), steps=6)
        page.locator(".drop-line").wait_for()
        page.mouse.up()

    drag(page.locator(".menu-row .handle").nth(2), page.locator(".menu-row").nth(0))
    follows([first, second, third, *rest], "dragging")
    # With a finger, over the border of a section.
    top = on_host(1)
    page.locator(".menu-section-head").nth(1).scroll_into_view_if_needed()
    drag(page.locator(".menu-section").nth(1).locator(".handle").nth(0),
         page.locator(".menu-section").nth(0).locator(".menu-row").last, above=False)
    follows([first, second, third, *rest, top[0]], "another section")
    follows(top[1:], "and the one it left", section=1)
    page.get_by_role("button", name=f"{top[0]}: one down").click()
    follows(top, "back over the border", section=1)

    names = page.locator(".menu-section h2").all_text_contents()
    page.get_by_role("button", name=f"Section {names[1]}: one up").click()
    until(lambda: guest.page.locator(".shelf h2 span:first-child").all_text_contents()[:2] == [names[1], names[0]],
          "guests see the section first")

    # Two quick taps close what is open, and nothing below it.
    page.get_by_role("button", name=f"Change {names[0]}").click()
    page.get_by_role("dialog").locator("[data-close]").first.dblclick()
    page.get_by_role("dialog").wait_for(state="detached")
    assert page.url.endswith("/host#/menu"), page.url

    page.get_by_role("button", name=f"Delete the section {names[0]}").click()
    page.get_by_text(f"{names[0]} has 7 drinks. Move or delete them first.").wait_for()

    page.get_by_role("button", name=f"{top[0]}: more", exact=True).click()
    page.get_by_role("button", name="Hide from guests").click()
    until(lambda: top[0] not in on_guest(), "guests do not find it")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    until(lambda: on_guest() == top, "guests find it again")

    drink = bar.drink(top[0])
    page.locator(".more-acts").get_by_role("button", name="Delete").click()
    until(lambda: top[0] not in on_guest(), "guests do not find it")
    assert top[0] not in on_host()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    until(lambda: on_guest() == top, "guests find it again")
    assert bar.drink(top[0])["id"] == drink["id"]

    page.get_by_role("button", name="Delete", exact=True).last.wait_for()
    page.locator(".more-acts").get_by_role("button", name="Delete").click()
    page.get_by_text(f"{top[0]} is off the menu.").wait_for()
    page.goto(bar.origin + "/host#/shelf")
    until(lambda: all(one["id"] != drink["id"] for one in bar.ask("GET", "/admin/drinks")), "it is deleted for good")
