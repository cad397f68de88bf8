"""The table: on the screen and in docs/PERFORMANCE.md."""

import datetime
import textwrap
from dataclasses import dataclass


@dataclass
class Row:
    figure: str
    value: str
    reference: str = ""
    ratio: str = ""
    goal: str = ""
    met: bool | None = None  # None: no goal, or not measured

    def cells(self):
        met = {True: "yes", False: "**no**", None: ""}[self.met]
        return [self.figure, self.value, self.reference, self.ratio, self.goal, met]


TITLES = ["Figure", "Value", "Reference", "Ratio", "Goal", "Met"]


def on_screen(rows):
    cells = [TITLES] + [[cell.replace("**", "") for cell in row.cells()] for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(TITLES))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()
             for line in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines) + "\n"


def markdown(rows, machine, remarks, command):
    lines = [
        "# Performance", "",
        "Written by `make bench` (Tests/Bench): a benchmark of real processes over loopback, not a "
        "test.", "Each figure stands beside its reference from the same run.", "",
        f"Date: {datetime.date.today().isoformat()}. Command: `{command}`.", "",
        "| " + " | ".join(TITLES) + " |", "|" + " --- |" * len(TITLES),
    ]
    lines += ["| " + " | ".join(row.cells()) + " |" for row in rows]
    lines += ["", "## Machine", "", "| | |", "| --- | --- |"]
    lines += [f"| {name} | {value} |" for name, value in machine]
    for title, texts in remarks:
        lines += ["", f"## {title}", ""]
        for text in texts:
            lines += textwrap.wrap(
                text, 118, initial_indent="- ", subsequent_indent="  ", break_long_words=False,
                break_on_hyphens=False)
    return "\n".join(lines) + "\n"
