"""Line charts with logarithmic axes, several on a page, as SVG."""
import math
from html import escape

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 420, 260, 62, 44, 14, 42
COLOURS = ("#c0392b", "#2471a3", "#7f8c8d")


class Panel:
    """series: (name, [(x, y), ...]); what is not above zero has no place on a logarithmic axis and is left out."""

    def __init__(self, title, x_label, series):
        self.title, self.x_label = title, x_label
        self.series = [(name, [(x, y) for x, y in points if x > 0 and y > 0]) for name, points in series]

    def draw(self, left, top):
        every = [p for _, points in self.series for p in points]
        out = [f'<g transform="translate({left},{top})">', text(LEFT, 18, self.title, "t")]
        if not every:
            return out + [text(LEFT, HEIGHT / 2, "not measured", "l"), "</g>"]
        x0, x1 = decades(x for x, _ in every)
        y0, y1 = decades(y for _, y in every)

        def at(x, y):
            return (LEFT + (math.log10(x) - x0) / (x1 - x0) * (WIDTH - LEFT - RIGHT),
                    HEIGHT - BOTTOM - (math.log10(y) - y0) / (y1 - y0) * (HEIGHT - TOP - BOTTOM))

        for e in range(x0, x1 + 1):
            x, y = at(10 ** e, 10 ** y0)
            out += [f'<path class="g" d="M{x:.1f} {TOP}V{y:.1f}"/>', text(x, y + 15, short(e), "l", "middle")]
        for e in range(y0, y1 + 1):
            x, y = at(10 ** x0, 10 ** e)
            out += [f'<path class="g" d="M{x:.1f} {y:.1f}H{WIDTH - RIGHT}"/>', text(x - 6, y + 4, short(e), "l", "end")]
        out.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, self.x_label, "l", "middle"))
        for i, (name, points) in enumerate(self.series):
            if points:
                places = [at(x, y) for x, y in points]
                colour = COLOURS[(0 if name.endswith("cold") else 1 if name.endswith("warm") else 2)]
                out.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in places)}"/>')
                out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"><title>{escape(f"{name}: {p[0]:,} → {p[1]:,.3g}")}</title></circle>'
                        for (x, y), p in zip(places, points)]
                out.append(f'<text class="l" x="{LEFT + 90 * i}" y="34" style="fill:{colour}">{escape(name)}</text>')
        return out + ["</g>"]


def decades(values):
    values = list(values)
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def short(exponent):
    return {-3: "0.001", -2: "0.01", -1: "0.1", 0: "1", 1: "10", 2: "100", 3: "1 k", 4: "10 k", 5: "100 k", 6: "1 M", 7: "10 M"}.get(exponent, f"1e{exponent}")


def text(x, y, words, kind, anchor="start"):
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def page(panels):
    """The panels, two in a row."""
    rows = (len(panels) + 1) // 2
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{2 * WIDTH}" height="{rows * HEIGHT}" viewBox="0 0 {2 * WIDTH} {rows * HEIGHT}">',
           "<style>text{font-family:sans-serif}.t{font-size:13px;font-weight:bold}.l{font-size:11px;fill:#444}.g{stroke:#ddd;fill:none}</style>",
           '<rect width="100%" height="100%" fill="white"/>']
    for i, panel in enumerate(panels):
        out += panel.draw(i % 2 * WIDTH, i // 2 * HEIGHT)
    return "\n".join(out + ["</svg>", ""])
