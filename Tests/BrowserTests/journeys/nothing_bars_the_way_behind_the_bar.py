"""Every page of the host's, in both themes, on a phone, a tablet and a big screen: axe finds nothing that bars the way of
somebody who sees, hears or moves otherwise; nothing sticks out, with text twice as large neither."""

from bar import half
from look import behind, check

#: The frame hides what sticks out of it: each part is looked at by itself.
STICKS_OUT = """() => {
  const scrolls = [...document.querySelectorAll(".host-main, .col, .sheet, .sign-in")]
    .find((part) => part.scrollWidth > part.clientWidth + 1);
  if (scrolls) return `${scrolls.className} is ${scrolls.scrollWidth} px wide, not ${scrolls.clientWidth}`;
  const out = [...document.querySelectorAll("main *, dialog[open] *")].find((part) => {
    const { right, width } = part.getBoundingClientRect();
    return width > 0 && right > innerWidth + 1 && !part.closest("svg, .visually-hidden, .chips.scroll, .rail");
  });
  return out ? out.outerHTML.slice(0, 120) : null;
}"""


def journey(bar, browser):
    for theme in half(bar, ("dark", "light")):
        for width, height in ((390, 844), (1180, 820), (1920, 1080)):
            phone = browser.phone(bar, color_scheme=theme, viewport={"width": width, "height": height})
            for name, page in behind(bar, phone):
                check(page, f"{name}, {theme}, {width} px")
                for size in ("", "200%"):
                    page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", size)
                    fault = page.evaluate(STICKS_OUT)
                    assert fault is None, f"{name} at {width} px, text {size}: {fault}"
                # Until the board has seen it, too.
                page.evaluate("""() => new Promise((seen) => {
                    document.documentElement.style.fontSize = "";
                    setTimeout(seen, 100);
                })""")
    if bar.host == "localhost":
        return
    small = browser.phone(bar, viewport={"width": 320, "height": 640})
    for name, page in behind(bar, small):
        fault = page.evaluate(STICKS_OUT)
        assert fault is None, f"{name} at 320 px: {fault}"
