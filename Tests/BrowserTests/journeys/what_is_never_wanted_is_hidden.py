"""What somebody never wants stays away from menu, search and surprise, over a reload; a filter is gone with a tap."""

from bar import until


def journey(bar, browser):
    phone = browser.phone(bar)
    page = phone.page
    phone.open(bar.join_path)
    page.get_by_role("button", name="Egg", exact=True).click()
    phone.come_in("Ana")
    rows = page.locator(".drink-row")
    rows.first.wait_for()
    for _ in range(2):
        assert rows.filter(has_text="Whiskey Sour").count() == 0
        assert rows.filter(has_text="White Russian").count() == 1
        page.get_by_text("hidden, as you asked").wait_for()
        page.get_by_role("searchbox").fill("whiskey sour")
        page.wait_for_timeout(200)
        assert rows.filter(has_text="Egg white").count() == 0
        page.get_by_role("searchbox").fill("")
        page.reload()
        rows.first.wait_for()
    page.get_by_role("button", name="No alcohol", exact=True).click()
    page.get_by_text("8 drinks without alcohol").wait_for()
    assert rows.count() == 8
    page.get_by_role("button", name="No alcohol", exact=True).click()
    page.goto(bar.origin + "/#/settings")
    page.get_by_role("button", name="Egg", exact=True).click()
    page.get_by_role("link", name="Back to the menu").click()
    rows.filter(has_text="Whiskey Sour").first.wait_for()
    # Coconut cream is no cream.
    page.goto(bar.origin + "/#/settings")
    page.get_by_role("button", name="Milk and cream", exact=True).click()
    page.get_by_role("link", name="Back to the menu").click()
    rows.filter(has_text="White Russian").wait_for(state="detached")
    assert rows.filter(has_text="Piña Colada").count() == 1
    # What lies on top is in the drink.
    page.goto(bar.origin + "/#/settings")
    page.get_by_role("button", name="Nuts", exact=True).click()
    page.get_by_role("link", name="Back to the menu").click()
    margarita = rows.filter(has_text="Margarita")
    margarita.first.wait_for()
    before = margarita.count()
    bar.ask("PUT", f"/admin/drinks/{bar.drink('Margarita')['id']}", {"garnish": "Lime wheel, salted pistachios"})
    until(lambda: margarita.count() < before, "a garnish of nuts is hidden")

    # What narrows the list is seen while a word is looked for, and is gone with a tap.
    page.get_by_role("button", name="Long drinks", exact=True).click()
    page.get_by_role("searchbox").fill("daiquiri")
    page.get_by_text("Nothing on the menu fits that.").wait_for()
    page.get_by_role("button", name="Long drinks", exact=True).click()
    rows.filter(has_text="Daiquiri").first.wait_for()
