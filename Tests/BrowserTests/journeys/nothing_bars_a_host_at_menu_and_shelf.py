"""What lies over menu, drink and shelf of a host, on a phone, a tablet and a wide screen, by night or by day: axe finds
nothing, and nothing scrolls sideways."""

from bar import half
from look import check

OVER = """() => [document.documentElement, ...document.querySelectorAll(".host-main, .edit, .seen, .shelf-main, dialog")]
    .filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.className || part.tagName)"""


def journey(bar, browser):
    for theme, width, height in half(bar, (("dark", 390, 844), ("light", 1180, 820), ("dark", 1920, 1080))):
        host = browser.phone(bar, color_scheme=theme, viewport={"width": width, "height": height})
        host.sign_in("/host#/menu")
        for name, page in everywhere(host.page):
            page.wait_for_timeout(400)
            check(page, f"{name}, {theme}, {width} px")
            assert page.evaluate(OVER) == [], f"{name}, {theme}, {width} px: {page.evaluate(OVER)}"
        host.page.close()


def everywhere(page):
    page.locator(".menu-row").first.wait_for()
    yield "the menu", page
    page.locator('[data-act="more"]').first.click()
    yield "a drink's acts", page
    page.locator('[data-act="edit"]').first.click()
    page.locator("dialog summary").first.click()
    yield "a section", page
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    page.locator(".menu-row h3 a").nth(3).click()
    page.locator(".ingredient .more").first.click()
    page.locator(".language summary").last.click()
    yield "a drink", page
    page.locator(".ingredient input").first.fill("li")
    page.locator(".offers li").first.wait_for()
    yield "completion", page
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Discard").click()
    page.get_by_role("button", name="History").click()
    page.locator(".compared table").wait_for()
    yield "its history", page
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    page.get_by_role("link", name="Shelf").click()
    page.locator(".ingredient-switch").first.wait_for()
    yield "the shelf", page
    page.locator(".ingredient-switch", has_text="Gin").first.click()
    page.locator(".effect-acts").wait_for()
    yield "what a bottle takes with it", page
