"""Colours of the system's own, more contrast, and a phone on its side: what matters is seen, and nothing covers it."""

from bar import until

ONLY_LOOKS = True

# Text whose colour is that of what is behind it.
UNSEEN = """() => {
    const behind = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if (!/^rgba.*, 0\\)$/.test(colour)) return colour;
        }
        return 'rgb(255, 255, 255)';
    };
    const top = document.querySelector('dialog[open]') ?? document.querySelector('.phone');
    return [...top.querySelectorAll('h1, h2, h3, p, a, span, mark, button, b, li')]
        .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
        .filter((one) => one.checkVisibility() && getComputedStyle(one).color === behind(one))
        .map((one) => one.outerHTML.slice(0, 90));
}"""
LOOK = "(name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()"


def journey(bar, browser):
    forced = browser.phone(bar, forced_colors="active", color_scheme="dark")
    page = forced.page
    forced.join("Ana")
    page.locator(".drink-row").first.wait_for()
    page.get_by_role("searchbox").fill("gin")
    page.locator(".drink-row mark").first.wait_for()
    assert page.evaluate(UNSEEN) == []
    assert page.locator(".drink-row svg [data-part=liquid]").first.evaluate(
        "(part) => getComputedStyle(part).forcedColorAdjust") == "none", "drawings keep their colours"
    page.get_by_role("searchbox").fill("")
    on, off = page.locator(".chip[aria-pressed=true]").first, page.locator(".chip[aria-pressed=false]").first
    colour = "(chip) => getComputedStyle(chip).backgroundColor"
    assert on.evaluate(colour) != off.evaluate(colour), "what is chosen is told from what is not"
    page.locator(".drink-row a").first.click()
    page.locator("dialog h1").wait_for()
    assert page.evaluate(UNSEEN) == []
    assert page.locator(".sheet-act").evaluate(colour) not in ("rgba(0, 0, 0, 0)", "transparent"), "nothing shines through"

    sharp = browser.phone(bar, contrast="more")
    sharp.open("/")
    sharp.page.locator(".drink-row").first.wait_for()
    for theme in ("day", "night"):
        sharp.page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        ink = sharp.page.evaluate(LOOK, "--ink")
        assert [sharp.page.evaluate(LOOK, name) for name in ("--ink-2", "--ink-3", "--edge", "--shelf")] == [ink] * 4

    side = browser.phone(bar, viewport={"width": 740, "height": 360})
    page = side.page
    side.join("Bo")
    page.locator(".drink-row a").get_by_text("Negroni", exact=True).click()
    for what in ("h1", ".stage .picture", ".sheet-act .primary", "[data-close]"):
        is_whole(page, f"dialog {what}")
    page.locator("dialog .sheet-act .primary").click()
    order = until(lambda: [one for one in bar.queue() if one["username"] == "Bo"], "it is ordered")[0]
    bar.move(order, "ready")
    page.locator("dialog h1").get_by_text("Ready.").wait_for()
    page.wait_for_timeout(600)
    for what in ("h1", ".say", ".stage .picture", ".foot .primary"):
        is_whole(page, f"dialog {what}")
    page.get_by_text("I have it").click()
    page.mouse.wheel(0, 900)
    page.wait_for_timeout(200)
    assert page.locator(".finder").bounding_box()["y"] < -100, "the finder leaves room for what is read"


def is_whole(page, what):
    box = page.locator(what).first.bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= 361, f"{what}: {box}"
