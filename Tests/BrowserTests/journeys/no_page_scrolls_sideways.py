"""Nothing sticks out: at 320, 360, 390, 768 and 1280 px, and with text twice as large."""

from bar import half
from look import everywhere

STICKS_OUT = """() => {
  const width = document.documentElement.clientWidth;
  const top = document.querySelector("dialog[open]") ?? document.documentElement;
  if (top.scrollWidth > top.clientWidth + 1) return "the page is " + top.scrollWidth + " px wide, not " + top.clientWidth;
  return null;
}"""


def journey(bar, browser):
    for width, height in half(bar, ((320, 640), (360, 740), (390, 844), (768, 1024), (1280, 800))):
        phone = browser.phone(bar, viewport={"width": width, "height": height})
        for name, page in everywhere(bar, phone, f"Ana {width}"):
            fault = page.evaluate(STICKS_OUT)
            assert fault is None, f"{name} at {width} px: {fault}"
            page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
            fault = page.evaluate(STICKS_OUT)
            page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
            assert fault is None, f"{name} at {width} px with large text: {fault}"
