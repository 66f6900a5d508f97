package net.popbgp.daemon.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.PrefixList;
import net.popbgp.daemon.site.Accept;
import net.popbgp.daemon.site.Advertise;
import net.popbgp.daemon.site.AutoSummarize;
import net.popbgp.daemon.site.Exclusion;
import net.popbgp.daemon.site.SummaryRoute;
import net.popbgp.daemon.site.Track;
import net.popbgp.daemon.summary.OverCoverage;

/** Reads what a circuit advertises and accepts, and who is told of its session. No state. */
final class SitePolicyReader {

    private static final int MAX_SUMMARIES = 256;

    private SitePolicyReader() {}

    static Advertise advertise(Optional<Section> given) {
        if (given.isEmpty()) {
            return Advertise.DEFAULT;
        }
        Section section = given.get();
        Advertise advertise = new Advertise(
                section.read("default-route", Advertise.DEFAULT.defaultRoute(), Values::bool),
                section.readAll("default-route-communities", Community::of),
                section.read("all-routes", false, Values::bool),
                summaries(section),
                section.read("summary-only", false, Values::bool),
                section.get("auto-summarize").flatMap(SitePolicyReader::autoSummarize));
        if (advertise.summaryOnly() && advertise.summaries().isEmpty()) {
            section.get("summary-only").ifPresent(node -> node.warning("without 'summary-routes' it does nothing"));
        }
        section.finish();
        return advertise;
    }

    /** {@code true}, or a section; {@code false} for not at all. */
    private static Optional<AutoSummarize> autoSummarize(ConfigNode node) {
        if (!node.isMapping()) {
            return node.read(Values::bool).filter(on -> on).map(on -> AutoSummarize.DEFAULT);
        }
        return node.section().map(section -> {
            AutoSummarize made = new AutoSummarize(
                    section.read("max-over-coverage", AutoSummarize.DEFAULT.maxOverCoverage(), OverCoverage::of),
                    section.read("undo-after", AutoSummarize.DEFAULT.undoAfter(), SitePolicyReader::undoAfter));
            section.finish();
            return made;
        });
    }

    private static Duration undoAfter(String text) {
        Duration value = Values.duration(text);
        if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("out of range 1s..1d: '" + text + "'");
        }
        return value;
    }

    private static List<SummaryRoute> summaries(Section section) {
        List<SummaryRoute> summaries = new ArrayList<>();
        List<ConfigNode> items = section.items("summary-routes");
        if (items.size() > MAX_SUMMARIES) {
            section.get("summary-routes")
                    .ifPresent(node -> node.error("more than " + MAX_SUMMARIES + " summary routes"));
            return summaries;
        }
        Set<Prefix> seen = new HashSet<>();
        for (ConfigNode item : items) {
            summary(item).ifPresent(summary -> {
                if (!seen.add(summary.subnet())) {
                    item.error(summary.subnet() + " is summarized twice");
                } else {
                    summaries.add(summary);
                }
            });
        }
        return summaries;
    }

    private static Optional<SummaryRoute> summary(ConfigNode item) {
        if (!item.isMapping()) {
            return item.read(SitePolicyReader::ipv4).map(subnet -> new SummaryRoute(subnet, List.of()));
        }
        return item.section().flatMap(section -> {
            Optional<Prefix> subnet = section.require("subnet", SitePolicyReader::ipv4);
            List<Community> communities = section.readAll("communities", Community::of);
            section.finish();
            return subnet.map(each -> new SummaryRoute(each, communities));
        });
    }

    private static Prefix ipv4(String text) {
        Prefix prefix = Prefix.of(text);
        if (!prefix.isIpv4() || prefix.length() == 0) {
            throw new IllegalArgumentException("a summary is an IPv4 prefix other than the default route: " + prefix);
        }
        return prefix;
    }

    static Accept accept(Optional<Section> given) {
        if (given.isEmpty()) {
            return Accept.DEFAULT;
        }
        Section section = given.get();
        List<Exclusion> exclusions = new ArrayList<>();
        List<ConfigNode> items = section.items("exclusions");
        if (items.size() > Accept.MAX_EXCLUSIONS) {
            section.get("exclusions")
                    .ifPresent(node -> node.error("more than " + Accept.MAX_EXCLUSIONS + " exclusions"));
        } else {
            items.forEach(item -> exclusion(item).ifPresent(exclusions::add));
        }
        Accept accept = new Accept(
                section.read("dynamic-routes", Accept.DEFAULT.dynamicRoutes(), Values::bool),
                section.read("default-route", Accept.DEFAULT.defaultRoute(), Values::bool),
                exclusions);
        section.finish();
        return accept;
    }

    /** {@code 10.0.0.0/8 ge 16}, or keys: {@code prefix}, and {@code community} or {@code not-community}. */
    private static Optional<Exclusion> exclusion(ConfigNode item) {
        if (!item.isMapping()) {
            return item.read(SitePolicyReader::list)
                    .map(list -> new Exclusion(Optional.of(list), Optional.empty(), false));
        }
        return item.section().flatMap(section -> {
            Optional<PrefixList> prefixes = section.read("prefix", SitePolicyReader::list);
            Optional<Community> community = section.read("community", Community::of);
            Optional<Community> absent = section.read("not-community", Community::of);
            section.finish();
            boolean complete = section.get("prefix").isPresent() == prefixes.isPresent()
                    && section.get("community").isPresent() == community.isPresent()
                    && section.get("not-community").isPresent() == absent.isPresent();
            if (community.isPresent() && absent.isPresent()) {
                item.error("either 'community' or 'not-community', not both; write two exclusions");
                return Optional.empty();
            }
            if (complete && prefixes.isEmpty() && community.isEmpty() && absent.isEmpty()) {
                item.error("an exclusion needs a 'prefix', a 'community' or a 'not-community'");
            }
            return complete && (prefixes.isPresent() || community.isPresent() || absent.isPresent())
                    ? Optional.of(new Exclusion(prefixes, community.or(() -> absent), absent.isPresent()))
                    : Optional.empty();
        });
    }

    private static PrefixList list(String text) {
        PrefixList.Entry entry = PrefixList.Entry.of(text);
        if (!entry.permit() || !entry.prefix().isIpv4()) {
            throw new IllegalArgumentException("an exclusion is an IPv4 prefix [ge N] [le N]: '" + text + "'");
        }
        return new PrefixList(text, List.of(entry));
    }

    static Track track(Optional<Section> given) {
        if (given.isEmpty()) {
            return Track.OFF;
        }
        Section section = given.get();
        Track track = new Track(
                section.read("frequency", Track.OFF.frequency(), Values.oneOf(Track.Frequency.class)),
                section.readAll("mailing-lists", Values::name),
                section.readAll("webhooks", Values::name));
        if (!track.enabled()) {
            section.self().warning("nobody is told: name 'mailing-lists' or 'webhooks'");
        }
        section.finish();
        return track;
    }
}
