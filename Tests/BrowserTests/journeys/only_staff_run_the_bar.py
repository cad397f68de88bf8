"""Behind the bar come those who run it: a guest and an auditor are told where to go, a password is changed, and who has
signed out is out in every tab."""

from bar import until


def journey(bar, browser):
    for name, role in (("mara", "bartender"), ("ruth", "auditor")):
        bar.ask("POST", "/admin/accounts", {"username": name, "role": role, "password": f"{name}-and-more"})
    phone = browser.phone(bar)
    page = phone.page
    phone.join("Ana")
    phone.open("/host")
    page.get_by_text("You are here as a guest, Ana. This door is for those who run the bar.").wait_for()
    with phone.trouble():
        # The token of a guest opens nothing, wherever it is put.
        page.evaluate("""() => {
            const guest = JSON.parse(localStorage["barback.guest"]);
            localStorage["barback.staff"] = JSON.stringify({ ...guest, role: "admin" });
        }""")
        page.reload()
        page.get_by_role("heading", name="Behind the bar").wait_for()
        page.get_by_text("This door is for those who run the bar.").wait_for()
    page.get_by_role("link", name="To the menu").click()
    page.locator(".drink-row").first.wait_for()

    phone.open("/host")
    page.locator("#username").fill("ruth")
    page.locator("#password").fill("ruth-and-more")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("This account reads the books and pours nothing.").wait_for()
    assert page.evaluate("() => localStorage['barback.staff'] ?? null") is None

    phone.sign_in(name="mara", password="mara-and-more")
    other = phone.context.new_page()
    other.goto("/host")
    other.locator(".board").wait_for()
    page.get_by_role("button", name="You").click()
    page.get_by_text("Another password").click()
    for old, new, says in (("no", "a-new-password", "The name or the password is wrong."),
                           ("mara-and-more", "short", "It needs ten characters or more."),
                           ("mara-and-more", "a-new-password", None)):
        page.get_by_label("The one you have").fill(old)
        page.get_by_label("The new one").fill(new)
        with phone.trouble():
            page.get_by_role("button", name="Change it").click()
            if says:
                page.get_by_text(says).wait_for()
    page.locator(".toast").get_by_text("The new password is good from now on.").wait_for()
    page.get_by_role("button", name="You").click()
    page.get_by_role("button", name="Sign out").click()
    for tab in (page, other):
        tab.get_by_role("heading", name="Behind the bar").wait_for()
    until(lambda: page.locator("dialog").count() == 0, "nothing lies over the door")
    phone.sign_in(name="mara", password="a-new-password")
