package net.popbgp.daemon.site;

import java.util.List;

/**
 * What is probed at a site: the primary circuit's remote address, unless that is switched off, and hosts behind it. Immutable.
 *
 * @param rules each with a name of its own, the built-in one first
 */
public record LanMonitoring(List<LanRule> rules) {

    /** The most hosts of a site besides the built-in target. */
    public static final int MAX_HOSTS = 50;

    /** The most probes a second of all sites together: each is a process. */
    public static final int MAX_RATE = 50;

    /** Nothing is probed. */
    public static final LanMonitoring OFF = new LanMonitoring(List.of());

    public LanMonitoring {
        rules = List.copyOf(rules);
        if (rules.stream().filter(rule -> !rule.isPrimary()).count() > MAX_HOSTS) {
            throw new IllegalArgumentException("a site has at most " + MAX_HOSTS + " monitored hosts");
        }
    }

    /** {@return how many probes a second it takes} */
    public double rate() {
        return rules.stream()
                .mapToDouble(rule -> 1000.0 / rule.interval().toMillis())
                .sum();
    }
}
