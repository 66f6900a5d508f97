package net.popbgp.daemon.config;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.AsnRange;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.OutboundGuard;
import net.popbgp.core.route.OwnNextHops;
import net.popbgp.core.route.PrefixLimit;
import net.popbgp.speaker.DynamicPeersConfig;
import net.popbgp.speaker.GracefulRestart;
import net.popbgp.speaker.Md5Key;
import net.popbgp.speaker.PeerConfig;
import net.popbgp.speaker.RouteRefreshOptions;

/** Reads one entry of {@code peers}. Used by one thread. */
final class PeerReader {

    private final PolicyReader policies;
    private final Secrets secrets;
    private final Optional<Asn> localAs;

    PeerReader(PolicyReader policies, Secrets secrets, Optional<Asn> localAs) {
        this.policies = policies;
        this.secrets = secrets;
        this.localAs = localAs;
    }

    /** {@return the peer, or nothing after errors were reported} */
    Optional<PeerConfig> read(ConfigNode node, Map<String, String> descriptions) {
        return node.section().flatMap(section -> {
            Optional<PeerConfig> peer = read(section, descriptions);
            section.finish();
            peer.ifPresent(config -> advise(section, config));
            return peer;
        });
    }

    private Optional<PeerConfig> read(Section section, Map<String, String> descriptions) {
        Optional<String> name = section.require("name", Values::name);
        Optional<InetAddress> address = section.require("address", Values::address);
        Optional<Asn> remoteAs = section.require("remote-as", Values::asn);
        // With a stand-in for what is missing, all the other keys are still looked at.
        PeerConfig.Builder builder =
                PeerConfig.builder(address.orElse(InetAddress.getLoopbackAddress()), remoteAs.orElse(Asn.of(1)));
        name.ifPresent(builder::name);
        readSession(section, builder);
        readTimers(section, builder);
        readRoutes(section, builder);
        builder.routing(RoutingReader.read(section, localAs, remoteAs));
        section.read("description", Function.identity())
                .ifPresent(text -> name.ifPresent(each -> descriptions.put(each, text)));
        if (name.isEmpty() || address.isEmpty() || remoteAs.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(builder.build());
        } catch (IllegalArgumentException e) {
            section.self().error(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** {@return an entry of {@code dynamic-peers}, or nothing after errors were reported} */
    Optional<DynamicPeersConfig> readRange(ConfigNode node) {
        return node.section().flatMap(section -> {
            Optional<DynamicPeersConfig> range = readRange(section);
            section.finish();
            range.ifPresent(each -> advise(section, each.template()));
            return range;
        });
    }

    private Optional<DynamicPeersConfig> readRange(Section section) {
        Optional<String> name = section.require("name", Values::name);
        Optional<Prefix> prefix = section.require("prefix", Prefix::of);
        Optional<Integer> limit = section.require("limit", Values.integer(1, DynamicPeersConfig.MAX_LIMIT));
        Duration removeAfter =
                section.read("remove-after", DynamicPeersConfig.DEFAULT_REMOVE_AFTER, Values::positiveDuration);
        if (section.get("remote-as").isEmpty()) {
            section.self().error("'remote-as' is missing");
        }
        List<AsnRange> remoteAs = section.readAll("remote-as", Values::asnRange);
        InetAddress stand = prefix.map(Prefix::address).orElse(InetAddress.getLoopbackAddress());
        PeerConfig.Builder template = PeerConfig.builder(
                stand, remoteAs.isEmpty() ? Asn.of(1) : remoteAs.get(0).first());
        readSession(section, template);
        readTimers(section, template);
        readRoutes(section, template);
        if (name.isEmpty() || prefix.isEmpty() || limit.isEmpty() || remoteAs.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new DynamicPeersConfig(
                    name.get(), prefix.get(), remoteAs, limit.get(), removeAfter, template.build()));
        } catch (IllegalArgumentException e) {
            section.self().error(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void readSession(Section section, PeerConfig.Builder builder) {
        section.apply("port", Values.integer(1, 65535), builder::remotePort);
        section.apply("local-address", Values::address, builder::localAddress);
        section.apply("enabled", Values::bool, builder::enabled);
        section.apply("passive", Values::bool, builder::passive);
        section.get("md5-key").flatMap(secrets::read).map(Md5Key::of).ifPresent(builder::md5Key);
        section.apply("ttl-security", Values.integer(0, 254), builder::ttlSecurity);
        readRouteRefresh(section, builder);
        section.section("graceful-restart").ifPresent(restart -> readGracefulRestart(restart, builder));
        builder.features(FeaturesReader.read(section));
        section.get("families").ifPresent(node -> {
            var families = new LinkedHashSet<>(node.readAll(Values::family));
            if (!families.isEmpty()) {
                builder.families(families);
            } else if (node.isList()) {
                node.error("at least one address family is needed");
            }
        });
    }

    private static void readRouteRefresh(Section section, PeerConfig.Builder builder) {
        section.section("route-refresh").ifPresent(refresh -> {
            RouteRefreshOptions none = RouteRefreshOptions.DEFAULT;
            builder.routeRefresh(new RouteRefreshOptions(
                    refresh.read("enhanced", none.enhanced(), Values::bool),
                    refresh.read("stale-time", none.staleTime(), Values::positiveDuration)));
            refresh.finish();
        });
    }

    private static void readGracefulRestart(Section section, PeerConfig.Builder builder) {
        GracefulRestart byDefault = GracefulRestart.ON;
        builder.gracefulRestart(new GracefulRestart(
                section.read("enabled", byDefault.enabled(), Values::bool),
                section.read("restart-time", byDefault.restartTime(), Values::restartTime),
                section.read("forwarding-preserved", byDefault.forwardingPreserved(), Values::bool),
                section.read("notifications", byDefault.notifications(), Values::bool),
                section.read("stale-time", byDefault.staleTime(), Values::positiveDuration),
                longLived(section)));
        section.finish();
    }

    private static Map<AddressFamily, Duration> longLived(Section section) {
        Map<AddressFamily, Duration> times = new HashMap<>();
        section.section("long-lived").ifPresent(families -> {
            for (AddressFamily family : new AddressFamily[] {AddressFamily.IPV4_UNICAST, AddressFamily.IPV6_UNICAST}) {
                families.apply(family.toString(), Values::longLivedStaleTime, time -> times.put(family, time));
            }
            families.finish();
        });
        return times;
    }

    private static void readTimers(Section section, PeerConfig.Builder builder) {
        section.apply("hold-time", Values::holdTime, builder::holdTime);
        section.apply("keepalive-time", Values::wholeSeconds, builder::keepaliveTime);
        section.apply("connect-retry-time", Values::positiveDuration, builder::connectRetryTime);
        section.apply("delay-open-time", Values::duration, builder::delayOpenTime);
        section.apply("advertisement-interval", Values::duration, builder::advertisementInterval);
        section.apply("open-hold-time", Values::positiveDuration, builder::openHoldTime);
        section.apply("stable-time", Values::positiveDuration, builder::stableTime);
        section.apply("send-hold-time", Values::wholeSeconds, builder::sendHoldTime);
        Duration first = section.read("idle-hold-time", Duration.ofSeconds(1), Values::positiveDuration);
        Duration longest = section.read("max-idle-hold-time", Duration.ofMinutes(2), Values::positiveDuration);
        builder.idleHoldTime(first, longest);
    }

    private void readRoutes(Section section, PeerConfig.Builder builder) {
        section.apply("metric", Values.integer(0, 65535), builder::metric);
        section.apply("import-policy", policies::policy, builder::importPolicy);
        section.apply("export-policy", policies::policy, builder::exportPolicy);
        section.section("next-hops").map(FeaturesReader::nextHops).ifPresent(builder::nextHops);
        section.apply("enforce-first-as", Values::bool, builder::enforceFirstAs);
        section.apply("allow-own-as", Values.integer(0, 10), builder::allowOwnAs);
        section.apply("next-hop-self", Values::bool, builder::nextHopSelf);
        perFamily(section, "prefix-limit", PeerReader::prefixLimit, builder::prefixLimit);
        perFamily(section, "outbound-guard", PeerReader::outboundGuard, builder::outboundGuard);
    }

    private static <T> void perFamily(
            Section section, String key, Function<Section, Optional<T>> reader, BiConsumer<AddressFamily, T> setter) {
        section.section(key).ifPresent(families -> {
            for (AddressFamily family : new AddressFamily[] {AddressFamily.IPV4_UNICAST, AddressFamily.IPV6_UNICAST}) {
                families.section(family.toString()).ifPresent(each -> {
                    reader.apply(each).ifPresent(value -> setter.accept(family, value));
                    each.finish();
                });
            }
            families.finish();
        });
    }

    private static Optional<PrefixLimit> prefixLimit(Section section) {
        Optional<Integer> limit = section.require("limit", Values.integer(1, Integer.MAX_VALUE));
        int warnPercent = section.read("warn-percent", 80, Values.integer(1, 100));
        PrefixLimit.Action action =
                section.read("action", PrefixLimit.Action.TEAR_DOWN, Values.oneOf(PrefixLimit.Action.class));
        Duration restart = section.read("restart", Duration.ofMinutes(1), Values::duration);
        return limit.map(value -> new PrefixLimit(value, warnPercent, action, restart));
    }

    private static Optional<OutboundGuard> outboundGuard(Section section) {
        Optional<Integer> limit = section.require("limit", Values.integer(1, Integer.MAX_VALUE));
        int warnPercent = section.read("warn-percent", 80, Values.integer(1, 100));
        return limit.map(value -> new OutboundGuard(value, warnPercent));
    }

    /** Routes of a family that we have no address for cannot be advertised with ourselves as the next hop. */
    private static void requireNextHops(Section section, PeerConfig peer) {
        boolean ipv4Session = peer.remoteAddress() instanceof Inet4Address;
        OwnNextHops own = peer.nextHops();
        if (ipv4Session
                && peer.families().contains(AddressFamily.IPV6_UNICAST)
                && own.ipv6().isEmpty()) {
            section.self()
                    .error(
                            "ipv6-unicast over IPv4 needs an IPv6 address of ours: 'next-hops: {ipv6: ...}' (RFC 2545, 4)");
        }
        if (!ipv4Session
                && peer.families().contains(AddressFamily.IPV4_UNICAST)
                && own.ipv4().isEmpty()
                && !peer.features().extendedNextHop()) {
            section.self()
                    .error(
                            "ipv4-unicast over IPv6 needs an IPv4 address of ours: 'next-hops: {ipv4: ...}', or 'extended-next-hop: true' (RFC 8950)");
        }
    }

    private void advise(Section section, PeerConfig peer) {
        requireNextHops(section, peer);
        if (localAs.equals(Optional.of(peer.remoteAs()))
                && peer.features().role().isPresent()) {
            section.self().error("a role is for external peers (RFC 9234, 4)");
        }
        if (localAs.isPresent() && !localAs.get().equals(peer.remoteAs())) {
            if (peer.importPolicy().isEmpty()) {
                section.self().warning("no import-policy: every route of this external peer is rejected (RFC 8212)");
            }
            if (peer.exportPolicy().isEmpty()) {
                section.self().warning("no export-policy: nothing is advertised to this external peer (RFC 8212)");
            }
        }
        if (peer.remoteAs().equals(AzureAdvice.AZURE)) {
            AzureAdvice.advise(section, peer);
        }
    }
}
