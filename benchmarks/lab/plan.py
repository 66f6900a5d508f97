"""What is measured: the scenarios, their figures, and what PopBGP is to reach in each."""

SENDERS = 10
SLOW, HOPELESS, PATIENCE_S = 1.2, 5.0, 3.0


class Figure:
    """One figure of a scenario: where it is found in a round, and what PopBGP is to reach of it, as a ratio to the best other daemon.

    limit is an absolute bound, in the figure's own unit, where a ratio would say nothing; rounds tells in which rounds it has a meaning.
    """

    def __init__(self, what, key, cold=None, warm=None, unit="s", scale=1, more=False, limit=None, rounds=("cold", "warm")):
        self.what, self.key, self.cold, self.warm = what, key, cold, warm
        self.unit, self.scale, self.more, self.limit, self.rounds = unit, scale, more, limit, rounds


class Scenario:
    """One scenario of rounds.py; baseline names it in the lab's own results, with the figures that tell how far behind a daemon is."""

    def __init__(self, name, what, command, figures, baseline=None, rounds=2, group="table", daemons=None, reps=None):
        self.name, self.what, self.command, self.figures = name, what, command, figures
        self.baseline, self.rounds, self.group, self.daemons, self.reps = baseline, rounds, group, daemons, reps


ALL = "until the receiver has all"
COLD = ("cold",)


def load(*more):
    return [Figure(ALL, "t_s", 1.0, 0.5), Figure("CPU", "dut_cpu_s", 1.5, 0.7), Figure("peak RSS", "rss_peak_mb", 1.5, unit="MiB", rounds=COLD), *more]


def failover(prefixes, how):
    return Scenario(f"failover-{prefixes // 1000}k-{how}", f"failover of {prefixes:,} by {'RST' if how == 'rst' else 'NOTIFICATION'}",
                    f"failover --prefixes {prefixes} --how {how}",
                    [Figure("cause → all prefixes from the secondary", "t_s", 1.0, 0.5, "ms", 1000)],
                    (f"failover-{prefixes // 1000}k-{how}", ["t_failover_s"]))


TABLE = [
    Scenario("load-1m", "1 M prefixes, 1 sender → 1 receiver", "load --prefixes 1000000", load(), ("load-1m", ["t_reached_s"])),
    Scenario("load-100k", "100,000 prefixes", "load --prefixes 100000", [Figure(ALL, "t_s", 2.0, 0.7)], ("load-100k", ["t_reached_s"])),
    Scenario("multi", "10 senders × the same 100,000", f"multi --senders {SENDERS} --prefixes 100000",
             [Figure(ALL, "t_s", 1.0, 0.5), Figure("RSS growth a path", "rss_bytes_per_path", 0.8, unit="B", rounds=COLD)],
             ("multi-10x100k", ["t_reached_s"])),
    Scenario("fanout", "100,000 → 20 receivers", "fanout --receivers 20",
             [Figure("all receivers complete", "t_s", 1.0, 0.5), Figure("CPU", "dut_cpu_s", 1.0, 0.5)],
             ("fanout-20x100k", ["t_all_receivers_s"])),
    *[failover(n, how) for n in (1000, 4000, 100000) for how in ("rst", "notify")],
    Scenario("churn", "1 M changes over 100,000, flat out", "churn", [Figure("NLRI a CPU second", "nlri_per_cpu_s", 1.0, 2.0, "", more=True)],
             ("churn-1m-flat-out", ["t_done_s"])),
    Scenario("churn-50k", "10 s at 50,000 changes a second", "churn --rate 50000",
             [Figure("CPU", "dut_cpu_s", 1.5, 0.7), Figure("lag after the last octet", "lag_s", unit="ms", scale=1000)],
             ("churn-50k-per-s", ["dut_cpu_s"])),
    Scenario("flood", "2 s of changes, not drained", "flood",
             [Figure("memory let in", "let_in_mb", unit="MiB", rounds=COLD), Figure("changes accepted", "nlri_accepted", unit="", rounds=COLD, more=True)], rounds=1),
    Scenario("peers-1000", "1,000 sessions × 10 prefixes", "peers --sessions 1000",
             [Figure("all Established", "t_established_s", 2.0, 1.0), Figure("receiver complete", "t_s", 2.0, 1.0),
              Figure("RSS a session", "rss_kb_per_session", 2.0, unit="KiB", rounds=COLD)], ("peers-1000", ["t_all_established_s", "t_reached_s"])),
    Scenario("mesh-200", "200 sessions × 10, all to all", "peers --sessions 200 --mesh", [Figure("receiver complete", "t_s", 2.0, 1.0)],
             ("peers-mesh-200", ["t_reached_s"])),
    Scenario("bringup", "bring-up with MD5", "bringup",
             [Figure("start → Established", "start_s", unit="ms", scale=1000, limit=1000, rounds=COLD),
              Figure("restart → Established", "restart_s", unit="ms", scale=1000, rounds=COLD),
              Figure("TCP connect → Established", "connect_s", 3.0, 1.0, "ms", 1000),
              Figure("reconnect after RST", "after_rst_s", 3.0, 1.0, "ms", 1000),
              Figure("reconnect after NOTIFICATION", "after_notify_s", 3.0, 1.0, "ms", 1000)], ("bringup-md5", ["start_to_established_s"])),
    Scenario("real", "real prefixes, IPv4 and IPv6", "real", load(), ("load-1m", ["t_reached_s"])),
]

PER_PATH = [Figure(ALL, "t_s"), Figure("CPU", "dut_cpu_s"), Figure("peak RSS", "rss_peak_mb", unit="MiB"),
            Figure("RSS growth a path", "rss_bytes_per_path", unit="B")]
PER_SESSION = [Figure("all Established", "t_established_s"), Figure("receiver complete", "t_s"), Figure("CPU", "dut_cpu_s"),
               Figure("peak RSS", "rss_peak_mb", unit="MiB"), Figure("RSS a session", "rss_kb_per_session", unit="KiB")]
PATHS = [1_000, 10_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000]
SESSIONS = [1, 10, 100, 300, 1_000]
GROWTH = [
    *[Scenario(f"paths-{n}", f"{n:,} paths", f"multi --senders {SENDERS} --prefixes {n // SENDERS}", PER_PATH, group="growth", daemons=("bird2",), reps=1)
      for n in PATHS],
    *[Scenario(f"sessions-{n}", f"{n:,} sessions", f"peers --sessions {n}", PER_SESSION, group="growth", daemons=("bird2",), reps=1)
      for n in SESSIONS],
]
SCENARIOS = TABLE + GROWTH


class Share:
    """How much of a scenario a daemon gets, by how far behind the best the lab's own baseline shows it."""

    def __init__(self, baseline, everything):
        self.baseline, self.everything = baseline, everything

    def behind(self, scenario, daemon):
        """(ratio to the best, value in seconds) by the baseline's set one, (1, 0) where that does not know."""
        name, keys = scenario.baseline or (None, ())
        runs = self.baseline.get(name, {})
        best = (float("inf"), 0.0)
        for key in keys:
            values = {d: r["median"][key] for d, r in runs.items() if r.get("median") and r["median"].get(key)}
            if daemon in values:
                best = min(best, (values[daemon] / min(values.values()), values[daemon]))
        return best if best[0] < float("inf") else (1.0, 0.0)

    def reps(self, cpus, scenario, daemon, reps):
        """0: left out, hopelessly behind and long; 1: slow. In set two one less for PopBGP, and one for the others."""
        reps = scenario.reps or reps
        if self.everything:
            return reps
        if daemon == "popbgp":
            return max(1, reps - 1) if cpus == "two" else reps
        ratio, value = self.behind(scenario, daemon)
        if ratio > HOPELESS and value >= PATIENCE_S:
            return 0
        return 1 if ratio > SLOW or cpus == "two" else reps
