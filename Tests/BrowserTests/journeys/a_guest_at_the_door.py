"""The door: what is missing or taken is said and pointed at; a long name fits; a code that is used up asks for another;
whoever leaves, or is let go by the host, hears so and reads on."""

from bar import until


def journey(bar, browser):
    phone = browser.phone(bar, viewport={"width": 360, "height": 740})
    page = phone.page
    code = bar.ask("POST", "/admin/registration-codes", {"max_uses": 2})["code"]
    wrong, name, field = page.locator("#wrong"), page.locator("#name"), page.locator("#code")
    enter = page.locator("form .primary")
    bar.ask("POST", "/register", {"username": "Ana"}, X_Registration_Code=code, Idempotency_Key="ana")
    with phone.trouble():
        phone.open("/join/" + code)
        enter.click()
        wrong.get_by_text("We need something to call out.").wait_for()
        assert focused(page) == "name" and name.get_attribute("aria-invalid") == "true"
        name.fill("Ana")
        enter.click()
        wrong.get_by_text("Somebody here goes by this name already. Choose another.").wait_for()
        assert focused(page) == "name" and field.is_hidden()
        long = "Maximiliana Bartholomea " * 4
        name.fill(long)
        phone_in(page, enter)
        fits(page)
        assert page.evaluate("() => location.href").removesuffix("#/") == bar.origin + "/"

        # Two have come in by it: the third needs another, and keeps the name that was written.
        late = browser.phone(bar)
        with late.trouble():
            third = late.page
            late.open("/join/" + code)
            third.locator("#name").fill("Bo")
            third.locator("form .primary").click()
            third.locator("#wrong").get_by_text("This code lets nobody in. Ask the bar for another.").wait_for()
            assert focused(third) == "code" and third.locator("#code").get_attribute("aria-invalid") == "true"
            third.locator("#code").fill(bar.first_run["registration_code"])
            assert third.locator("#name").input_value() == "Bo"
            phone_in(third, third.locator("form .primary"))

            guest = next(one for one in bar.ask("GET", "/admin/guests") if one["username"] == "Bo")
            late.order("Negroni")
            bar.ask("POST", f"/admin/guests/{guest['id']}/disable", {})
            third.locator(".toast").get_by_text("Your time here is over. Come in again to order.").wait_for(timeout=15_000)
            third.locator(".order-bar").wait_for(state="hidden")
            third.get_by_role("button", name="Order: Negroni", exact=True).click()
            assert third.locator("#name").input_value() == "Bo"
            third.locator(".lede").get_by_text("One Negroni.").wait_for()

    order = phone.order("Negroni")
    bar.move(order, "ready")
    page.locator("dialog[open] h1").get_by_text("Ready.").wait_for()
    fits(page)
    page.get_by_text("I have it").click()
    page.locator("dialog").wait_for(state="detached")
    page.evaluate("() => scrollTo(0, 0)")
    page.get_by_role("link", name="Your way").click()
    page.get_by_text(f"You are here as {long.strip()}.").wait_for()
    fits(page)
    page.get_by_role("button", name="Sign out").click()
    page.locator(".toast").get_by_text("You are signed out. The menu stays open.").wait_for()
    page.locator("dialog").wait_for(state="detached")
    assert page.locator(".toast").is_visible() and page.locator(".order-bar").is_hidden()


def phone_in(page, enter):
    enter.click()
    page.locator("dialog.sheet").wait_for(state="detached")


def focused(page):
    return page.evaluate("() => document.activeElement.id")


def fits(page):
    wide = page.evaluate("() => (document.querySelector('dialog[open]') ?? document.documentElement).scrollWidth")
    assert wide <= 360, f"{wide} px wide"
