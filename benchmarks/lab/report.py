"""The tables and the chart of docs/benchmarks.md, from what compare.py has kept."""
import os, re
import chart, plan

DOCUMENT, CHART = "docs/benchmarks.md", "docs/benchmarks-growth.svg"
NAMES = {"popbgp": "PopBGP", "bird2": "BIRD", "frr": "FRR", "openbgpd": "OpenBGPD", "gobgp": "GoBGP"}


def replace(path, section, lines):
    """Puts lines between the section's markers; everything else of the document stays as it is."""
    begin, end = f"<!-- {section}: begin -->", f"<!-- {section}: end -->"
    with open(path) as f:
        text = f.read()
    if text.count(begin) != 1 or text.count(end) != 1:
        raise SystemExit(f"{path} must have {begin} and {end}, once each")
    before, rest = text.split(begin)
    with open(path, "w") as f:
        f.write(before + "\n".join([begin, "", *lines, "", end]) + rest.split(end)[1])


def write(home, run, section):
    lines = sets(run)
    if run.about["small"]:
        print("\n".join(lines + growth(run)))
        return
    path = os.path.join(home, DOCUMENT)
    replace(path, f"compare.py {section}", lines)
    if section == "main" and growth(run):
        with open(os.path.join(home, CHART), "w") as f:
            f.write(svg(run))
        replace(path, "compare.py growth", growth(run))


def median(run, cpus, scenario, daemon, which):
    j = run.found[cpus].get((scenario.name, daemon)) or {}
    return ((j.get("median") or {}).get(which)) or {}


def number(value, figure):
    if value is None:
        return "-"
    v = value * figure.scale
    return f"{v:,.0f}" if abs(v) >= 100 else f"{v:.1f}" if abs(v) >= 10 else f"{v:.2f}" if abs(v) >= 1 else f"{v:.3f}"


def ratio(value, best, target, more):
    """The ratio, bold where it reaches the target, and the target."""
    wanted = "-" if target is None else f"{'≥' if more else '≤'} {target:g}"
    if value is None or not best or best < 0:
        return f"- | {wanted}"
    r = value / best
    reached = target is not None and (r >= target if more else r <= target)
    shown = f"{r:,.0f}" if r >= 100 else f"{r:.2f}"
    return f"**{shown}** | {wanted}" if reached else f"{shown} | {wanted}"


def sets(run):
    lines = heading(run)
    for cpus, text in (("one", "Set `one`: the daemon alone on CPU 1, load tools on CPU 0"), ("two", "Set `two`: the daemon on both CPUs, load tools on CPU 0 beside it")):
        if not run.found[cpus]:
            continue
        first, second = ratios(run, cpus), daemons(run, cpus)
        lines += ["", f"### {text}", "", *first, "", "Each daemon's first / second round:", "", *second, "", *remarks(run, cpus)]
    return lines


def heading(run):
    a = run.about
    versions, commands = {}, []
    for found in run.found.values():
        for (_, daemon), j in found.items():
            if j.get("median") and j["version"]:
                versions[daemon] = j["version"].split(" (Debian")[0]
                if daemon == "popbgp" and j["median"].get("command") is None and j["runs"]:
                    commands.append(j["runs"][0].get("command", ""))
    dates = sorted(j["date"] for found in run.found.values() for j in found.values() if j.get("date"))
    options = next((re.sub(r"^\S+ | -jar .*| -Xlog\S+|(?<=File=)\S*/|(?<=Cache=)\S*/", "", c) for c in commands if c), "")
    return [f"Commit {a['commit']}, {dates[0]} to {dates[-1]}" if dates else f"Commit {a['commit']}", f"({a['machine']}).",
            f"JDK {a['java']}; options of PopBGP's JVM: `{options}`.",
            f"Medians of {a['reps']} repetitions, each with a fresh process; in set `two` one less for PopBGP; a single run where it says ¹.",
            ", ".join(versions[d] for d in NAMES if d in versions and d != "popbgp") + ".",
            "\"Best other\" is the daemon with the best figure in either of its rounds. Ratios in **bold** reach the target."]


def ratios(run, cpus):
    rows = ["| scenario | figure | PopBGP cold | PopBGP warm | best other | ratio cold | to reach | ratio warm | to reach |", "|---|---|--:|--:|---|--:|--:|--:|--:|"]
    for s in plan.TABLE:
        ours = {r: median(run, cpus, s, "popbgp", r) for r in ("cold", "warm")}
        if not ours["cold"]:
            continue
        for f in s.figures:
            others = {}
            for d in NAMES:
                values = [median(run, cpus, s, d, r).get(f.key) for r in f.rounds]
                values = [v for v in values if v is not None]
                if d != "popbgp" and values:
                    others[d] = (max if f.more else min)(values)
            best = (max if f.more else min)(others, key=others.get) if others else None
            cold, warm = (ours[r].get(f.key) if r in f.rounds else None for r in ("cold", "warm"))
            what = f.what + (f", {f.unit}" if f.unit else "")
            if f.limit is not None:
                low = cold is not None and cold * f.scale <= f.limit
                first = f"{'**' if low else ''}{number(cold, f)}{'**' if low else ''} | ≤ {f.limit:,} {f.unit}"
            else:
                first = ratio(cold, others.get(best), f.cold, f.more)
            rows.append(f"| {s.what} | {what} | {number(cold, f)} | {number(warm, f)} | {NAMES[best] + ' ' + number(others[best], f) if best else '-'} "
                        f"| {first} | {ratio(warm, others.get(best), f.warm, f.more)} |")
    return rows


def daemons(run, cpus):
    present = [d for d in NAMES if any(key[1] == d and key[0] in {s.name for s in plan.TABLE} for key in run.found[cpus])]
    rows = ["| scenario | figure | " + " | ".join(NAMES[d] for d in present) + " |", "|---|---|" + "--:|" * len(present)]
    for s in plan.TABLE:
        if not any((s.name, d) in run.found[cpus] for d in present):
            continue
        for f in s.figures:
            cells = []
            for d in present:
                j = run.found[cpus].get((s.name, d))
                if j is None:
                    behind, value = run.share.behind(s, d)
                    cells.append("-" if run.share.reps(cpus, s, d, 1) or f is not s.figures[0] else f"({value:.0f} s, {behind:.0f} ×)")
                elif not j.get("median"):
                    cells.append("failed")
                else:
                    values = [number(median(run, cpus, s, d, r).get(f.key), f) for r in f.rounds]
                    cells.append(" / ".join(v for v in values) + (" ¹" if j["reps"] == 1 and run.about["reps"] > 1 and s.reps != 1 else ""))
            rows.append(f"| {s.what} | {f.what}{', ' + f.unit if f.unit else ''} | " + " | ".join(cells) + " |")
    return rows


def remarks(run, cpus):
    wrong, failed, noisy = [], [], []
    for (name, daemon), j in sorted(run.found[cpus].items()):
        where = f"{name} of {NAMES.get(daemon, daemon)}"
        if not j.get("median"):
            failed.append(f"{where} ({j['errors'][0] if j['errors'] else 'no reason given'})")
        elif not all(r[k]["correct"] for r in j["runs"] for k in ("cold", "warm") if r.get(k)):
            wrong.append(where)
        if j.get("noisy_used"):
            noisy.append(where)
    left = any(not run.share.reps(cpus, s, d, 1) for s in plan.TABLE for d in run.daemons(s, cpus))
    return [line for line in (
        "In brackets: left out here, with its time in the lab's baseline (set `one`; for real prefixes that of 1 M) and the ratio to the best one there." if left else "",
        "Every round of every daemon ended in the state that was sent." if not wrong else "Wrong end states: " + ", ".join(wrong) + ".",
        "Failed: " + "; ".join(failed) + "." if failed else "",
        "Others used more than 0.2 CPUs meanwhile: " + ", ".join(noisy) + "." if noisy else "") if line]


def points(run, prefix, daemon, which, key):
    """(size, value) along a growth series."""
    found = []
    for s in plan.GROWTH:
        if s.name.startswith(prefix):
            value = median(run, "one", s, daemon, which).get(key)
            if value is not None:
                found.append((int(s.name.split("-")[1]), value))
    return found


SERIES = (("PopBGP cold", "popbgp", "cold"), ("PopBGP warm", "popbgp", "warm"), ("BIRD", "bird2", "cold"))


def growth(run):
    lines = []
    for prefix, what, each in (("paths", "paths", "a path"), ("sessions", "sessions", "a session")):
        scenarios = [s for s in plan.GROWTH if s.name.startswith(prefix) and median(run, "one", s, "popbgp", "cold")]
        if not scenarios:
            continue
        figures = scenarios[0].figures
        lines += ["", f"| {what} | | " + " | ".join(f"{f.what}, {f.unit}" for f in figures) + f" | CPU {each}, µs |", "|--:|---|" + "--:|" * (len(figures) + 1)]
        for s in scenarios:
            size = int(s.name.split("-")[1])
            for name, daemon, which in SERIES:
                m = median(run, "one", s, daemon, which)
                if m:
                    lines.append(f"| {size:,} | {name} | " + " | ".join(number(m.get(f.key), f) for f in figures)
                                 + f" | {number(m['dut_cpu_s'] / size * 1e6, plan.Figure('', ''))} |")
    return ["Set `one`, one repetition each.", "", "![growth](benchmarks-growth.svg)", *lines] if lines else []


def svg(run):
    def per_unit(prefix, key, scale):
        return [(name, [(n, v * scale / n) for n, v in points(run, prefix, d, r, key)]) for name, d, r in SERIES]

    def plain(prefix, key):
        return [(name, points(run, prefix, d, r, key)) for name, d, r in SERIES if r == "cold"]

    return chart.page([
        chart.Panel("CPU a path, µs", "paths (10 senders, the same prefixes)", per_unit("paths", "dut_cpu_s", 1e6)),
        chart.Panel("time a path, µs", "paths (until the receiver has all prefixes)", per_unit("paths", "t_s", 1e6)),
        chart.Panel("peak RSS, MiB", "paths", plain("paths", "rss_peak_mb")),
        chart.Panel("RSS growth a path, bytes", "paths", plain("paths", "rss_bytes_per_path")),
        chart.Panel("until all are Established, ms", "sessions (10 prefixes each)", [(n, [(x, y * 1e3) for x, y in points(run, "sessions", d, r, "t_established_s")]) for n, d, r in SERIES]),
        chart.Panel("RSS a session, KiB", "sessions", plain("sessions", "rss_kb_per_session")),
    ])
