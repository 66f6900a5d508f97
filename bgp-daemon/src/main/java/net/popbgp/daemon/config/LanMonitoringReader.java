package net.popbgp.daemon.config;

import java.net.InetAddress;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import net.popbgp.daemon.alert.AlertsConfig;
import net.popbgp.daemon.site.ActiveTimes;
import net.popbgp.daemon.site.LanMonitoring;
import net.popbgp.daemon.site.LanRule;
import net.popbgp.daemon.site.SiteConfig;
import net.popbgp.daemon.site.Track;

/** Reads {@code lan-monitoring} of a site. No state. */
final class LanMonitoringReader {

    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final int FAULT_THRESHOLD = 3;

    /** What counts where a target does not say otherwise. */
    private record Defaults(Duration interval, int faultThreshold, Optional<ActiveTimes> schedule, Track track) {}

    private LanMonitoringReader() {}

    /**
     * {@return what is probed at a site; nothing without the section}
     *
     * @param primary the remote address of the primary circuit
     * @param tracks reads the section that says who is told, if there is one
     */
    static LanMonitoring read(Section site, InetAddress primary, Function<Optional<Section>, Track> tracks) {
        return site.section("lan-monitoring")
                .map(section -> monitoring(section, primary, tracks))
                .orElse(LanMonitoring.OFF);
    }

    private static LanMonitoring monitoring(
            Section section, InetAddress primary, Function<Optional<Section>, Track> tracks) {
        Defaults none = new Defaults(INTERVAL, FAULT_THRESHOLD, Optional.empty(), Track.OFF);
        Defaults defaults = defaults(section, none, tracks);
        List<LanRule> rules = new ArrayList<>();
        primary(section, primary, defaults, tracks).ifPresent(rules::add);
        List<ConfigNode> hosts = section.items("hosts");
        if (hosts.size() > LanMonitoring.MAX_HOSTS) {
            section.get("hosts")
                    .ifPresent(node -> node.error(
                            "a site has at most " + LanMonitoring.MAX_HOSTS + " monitored hosts, not " + hosts.size()));
            return LanMonitoring.OFF;
        }
        Set<String> names = new HashSet<>(Set.of(LanRule.PRIMARY));
        for (ConfigNode item : hosts) {
            item.section().flatMap(each -> host(each, defaults, tracks)).ifPresent(rule -> {
                if (names.add(rule.name())) {
                    rules.add(rule);
                } else {
                    item.error("another target of this site is named '" + rule.name() + "'");
                }
            });
        }
        section.finish();
        if (rules.isEmpty()) {
            section.self().warning("nothing is probed: there are no 'hosts', and 'primary-circuit' is false");
        }
        return new LanMonitoring(rules);
    }

    private static Optional<LanRule> primary(
            Section section, InetAddress address, Defaults defaults, Function<Optional<Section>, Track> tracks) {
        Optional<ConfigNode> node = section.get(LanRule.PRIMARY);
        if (node.isEmpty()) {
            return Optional.of(rule(LanRule.PRIMARY, address, defaults));
        }
        if (!node.get().isMapping()) {
            return node.get()
                    .read(Values::bool)
                    .filter(Boolean::booleanValue)
                    .map(on -> rule(LanRule.PRIMARY, address, defaults));
        }
        return node.get().section().map(own -> {
            Defaults mine = defaults(own, defaults, tracks);
            own.finish();
            return rule(LanRule.PRIMARY, address, mine);
        });
    }

    private static Optional<LanRule> host(
            Section section, Defaults defaults, Function<Optional<Section>, Track> tracks) {
        Optional<String> name = section.require("name", Values::name);
        Optional<InetAddress> address = section.require("address", LanMonitoringReader::target);
        Defaults mine = defaults(section, defaults, tracks);
        section.finish();
        return name.flatMap(each -> address.map(host -> rule(each, host, mine)));
    }

    private static LanRule rule(String name, InetAddress address, Defaults values) {
        return new LanRule(name, address, values.interval, values.faultThreshold, values.schedule, values.track);
    }

    private static Defaults defaults(Section section, Defaults outer, Function<Optional<Section>, Track> tracks) {
        return new Defaults(
                section.read("interval", outer.interval, LanMonitoringReader::interval),
                section.read("fault-threshold", outer.faultThreshold, Values.integer(1, LanRule.MAX_FAULT_THRESHOLD)),
                section.get("schedule").isPresent() ? schedule(section) : outer.schedule,
                section.get("track").isPresent() ? tracks.apply(section.section("track")) : outer.track);
    }

    private static Duration interval(String text) {
        Duration value = Values.duration(text);
        if (value.compareTo(LanRule.MIN_INTERVAL) < 0 || value.compareTo(LanRule.MAX_INTERVAL) > 0) {
            throw new IllegalArgumentException("an interval is 1s..1h: '" + text + "'");
        }
        return value;
    }

    private static InetAddress target(String text) {
        InetAddress address = Values.address(text);
        if (address.isMulticastAddress() || address.isAnyLocalAddress()) {
            throw new IllegalArgumentException("not the address of a host: '" + text + "'");
        }
        return address;
    }

    private static Optional<ActiveTimes> schedule(Section outer) {
        return outer.section("schedule").flatMap(section -> {
            Set<DayOfWeek> days =
                    section.get("days").isPresent() ? EnumSet.noneOf(DayOfWeek.class) : EnumSet.allOf(DayOfWeek.class);
            section.readAll("days", LanMonitoringReader::days).forEach(days::addAll);
            Hours hours = section.read("hours", Hours.ALL, LanMonitoringReader::hours);
            ZoneId zone = section.read("time-zone", AlertsConfig.UTC, AlertsReader::zone);
            section.finish();
            if (days.isEmpty()) {
                section.get("days")
                        .filter(node -> node.isList() && node.items().isEmpty())
                        .ifPresent(node -> node.error(
                                "a schedule has at least one of the days mon, tue, wed, thu, fri, sat, sun"));
                return Optional.empty();
            }
            return Optional.of(new ActiveTimes(days, hours.from, hours.to, zone));
        });
    }

    /** From an hour to another. */
    private record Hours(LocalTime from, LocalTime to) {
        static final Hours ALL = new Hours(LocalTime.MIDNIGHT, LocalTime.MIDNIGHT);
    }

    private static Hours hours(String text) {
        String[] parts = text.split("-", -1);
        try {
            if (parts.length == 2) {
                return new Hours(time(parts[0]), time(parts[1]));
            }
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("not hours as 08:00-18:30: '" + text + "'", e);
        }
        throw new IllegalArgumentException("not hours as 08:00-18:30: '" + text + "'");
    }

    private static LocalTime time(String text) {
        return text.strip().equals("24:00") ? LocalTime.MIDNIGHT : LocalTime.parse(text.strip());
    }

    /** {@return the days of {@code mon}, or of {@code mon-fri}} */
    private static Set<DayOfWeek> days(String text) {
        String[] ends = text.split("-", -1);
        DayOfWeek day = day(ends[0], text);
        DayOfWeek last = day(ends[ends.length - 1], text);
        if (ends.length > 2) {
            throw noDay(text);
        }
        Set<DayOfWeek> days = EnumSet.of(day);
        while (day != last) {
            day = day.plus(1);
            days.add(day);
        }
        return days;
    }

    private static DayOfWeek day(String name, String text) {
        for (DayOfWeek day : DayOfWeek.values()) {
            if (name.length() == 3 && day.name().toLowerCase(Locale.ROOT).startsWith(name)) {
                return day;
            }
        }
        throw noDay(text);
    }

    private static IllegalArgumentException noDay(String text) {
        return new IllegalArgumentException("not a day as mon, or days as mon-fri: '" + text + "'");
    }

    /** Refuses what a machine cannot do: each probe is a process. */
    static void checkRate(Section root, List<SiteConfig> sites) {
        double rate =
                sites.stream().mapToDouble(site -> site.lanMonitoring().rate()).sum();
        if (rate > LanMonitoring.MAX_RATE) {
            root.get("sites")
                    .orElse(root.self())
                    .error(String.format(
                            Locale.ROOT,
                            "the monitored hosts of all sites take %.0f probes a second, at most %d are possible: "
                                    + "probe fewer hosts, or at longer intervals",
                            Math.ceil(rate),
                            LanMonitoring.MAX_RATE));
        }
    }
}
