package net.popbgp.speaker;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.route.OutboundGuard;
import net.popbgp.core.route.OwnNextHops;
import net.popbgp.core.route.PeerRouting;
import net.popbgp.core.route.PrefixLimit;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.RouteSource;

/**
 * One peer. Immutable.
 *
 * @param name for the operator, unique within the speaker
 * @param remoteAddress the peer; one session per address
 * @param remotePort where to connect, 1..65535; 179 by default
 * @param localAddress where to connect from, empty for the kernel's choice
 * @param remoteAs the AS that the peer must have
 * @param metric preference among peers, 0..65535, lower wins; 100 by default
 * @param enabled whether the peer is started with the speaker
 * @param passive wait for the peer to connect, never dial
 * @param md5Key TCP MD5 (RFC 2385) in both directions
 * @param holdTime zero, or 3..65535 s; 90 s by default
 * @param keepaliveTime zero for a third of the negotiated hold time
 * @param connectRetryTime between attempts to connect; 120 s in the RFC, 10 s by default
 * @param delayOpenTime how long to wait with the OPEN; zero by default
 * @param advertisementInterval how long after an advertisement of a prefix the next one may follow (RFC 4271, 9.2.1.1), up to 10 minutes;
 *     withdrawals do not wait; zero, the default, for at once
 * @param openHoldTime how long to wait for the peer's OPEN; 4 minutes by default (RFC 4271, 8.2.2)
 * @param features what the OPEN offers beyond the families, and what the peer's must have
 * @param idleHoldTime the first wait after a repeated failure; it doubles up to maxIdleHoldTime
 * @param stableTime how long Established must last for the waits to start over
 * @param sendHoldTime how long the peer may take nothing (RFC 9687); zero for off; the larger of 8 minutes and twice the hold time by
 *     default
 * @param families offered to the peer
 * @param importPolicy empty: an external peer's routes are all rejected (RFC 8212), an internal peer's all accepted
 * @param exportPolicy empty: nothing is advertised to an external peer, everything to an internal one
 * @param prefixLimits inbound, per family
 * @param outboundGuards outbound, per family
 * @param nextHops our own addresses in the next hops of advertised routes, where the session's address does not serve
 * @param enforceFirstAs routes of an external peer must have its AS in front (RFC 4271, 6.3)
 * @param allowOwnAs how often our own AS may occur in a received AS_PATH, 0..10
 * @param nextHopSelf to internal peers too, routes are advertised with our own address
 * @param routing how routes go to and come from the peer, beyond its policies
 * @param ttlSecurity GTSM (RFC 5082): how many hops the peer is away, 1..254; 0 for off
 * @param routeRefresh whether refreshes are marked (RFC 7313); they are by default
 * @param gracefulRestart how restarts are bridged; not at all by default
 */
public record PeerConfig(
        String name,
        InetAddress remoteAddress,
        int remotePort,
        Optional<InetAddress> localAddress,
        Asn remoteAs,
        int metric,
        boolean enabled,
        boolean passive,
        Optional<Md5Key> md5Key,
        Duration holdTime,
        Duration keepaliveTime,
        Duration connectRetryTime,
        Duration delayOpenTime,
        Duration advertisementInterval,
        Duration openHoldTime,
        PeerFeatures features,
        Duration idleHoldTime,
        Duration maxIdleHoldTime,
        Duration stableTime,
        Duration sendHoldTime,
        Set<AddressFamily> families,
        Optional<RoutePolicy> importPolicy,
        Optional<RoutePolicy> exportPolicy,
        Map<AddressFamily, PrefixLimit> prefixLimits,
        Map<AddressFamily, OutboundGuard> outboundGuards,
        OwnNextHops nextHops,
        boolean enforceFirstAs,
        int allowOwnAs,
        boolean nextHopSelf,
        PeerRouting routing,
        int ttlSecurity,
        RouteRefreshOptions routeRefresh,
        GracefulRestart gracefulRestart) {

    public static final int BGP_PORT = 179;
    private static final Duration MAX_ADVERTISEMENT_INTERVAL = Duration.ofMinutes(10);

    public PeerConfig {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a peer needs a name");
        }
        requireRange("remote port", remotePort, 1, 65535);
        requireRange("metric", metric, 0, 65535);
        requireRange("allow-own-as", allowOwnAs, 0, 10);
        requireRange("ttl-security", ttlSecurity, 0, 254);
        if (remoteAs.value() == 0 || remoteAs.equals(Asn.AS_TRANS)) {
            throw new IllegalArgumentException("remote AS must not be 0 or 23456: " + remoteAs);
        }
        long hold = holdTime.toSeconds();
        if (hold != 0) {
            requireRange("hold time (s)", hold, 3, 65535);
        }
        if (keepaliveTime.isNegative() || hold > 0 && keepaliveTime.toSeconds() > hold / 3) {
            throw new IllegalArgumentException(
                    "keepalive time must be at most a third of the hold time of " + hold + " s: " + keepaliveTime);
        }
        requirePositive("connect-retry time", connectRetryTime);
        requirePositive("idle-hold time", idleHoldTime);
        requirePositive("stable time", stableTime);
        requirePositive("open-hold time", openHoldTime);
        if (delayOpenTime.isNegative()) {
            throw new IllegalArgumentException("delay-open time must not be negative: " + delayOpenTime);
        }
        if (advertisementInterval.isNegative() || advertisementInterval.compareTo(MAX_ADVERTISEMENT_INTERVAL) > 0) {
            throw new IllegalArgumentException("advertisement interval out of range 0..10m: " + advertisementInterval);
        }
        if (maxIdleHoldTime.compareTo(idleHoldTime) < 0) {
            throw new IllegalArgumentException(
                    "max idle-hold time is shorter than the idle-hold time: " + maxIdleHoldTime);
        }
        if (!sendHoldTime.isZero() && sendHoldTime.compareTo(holdTime) <= 0) {
            throw new IllegalArgumentException(
                    "send-hold time must be longer than the hold time (RFC 9687, 4.4): " + sendHoldTime);
        }
        if (localAddress.isPresent() && localAddress.get().getAddress().length != remoteAddress.getAddress().length) {
            throw new IllegalArgumentException("local and remote address are of different families: "
                    + IpAddresses.text(localAddress.get()) + ", " + IpAddresses.text(remoteAddress));
        }
        if (features.addPathSend() > 0 && !outboundGuards.isEmpty()) {
            throw new IllegalArgumentException("an outbound guard counts prefixes and cannot bound the "
                    + features.addPathSend() + " paths of each that add-path sends");
        }
        if (families.isEmpty()) {
            throw new IllegalArgumentException("a peer needs at least one address family");
        }
        for (AddressFamily family : families) {
            if (!family.isSupported()) {
                throw new IllegalArgumentException("address family not supported: " + family);
            }
        }
        for (AddressFamily family : features.required().families()) {
            if (!families.contains(family)) {
                throw new IllegalArgumentException(
                        "family " + family + " is required of the peer but not offered to it");
            }
        }
        families = Set.copyOf(families);
        prefixLimits = Map.copyOf(prefixLimits);
        outboundGuards = Map.copyOf(outboundGuards);
    }

    private static void requireRange(String what, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(what + " out of range " + min + ".." + max + ": " + value);
        }
    }

    private static void requirePositive(String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(what + " must be positive: " + value);
        }
    }

    /** {@return a builder for a peer named after its address, with the address's family} */
    public static Builder builder(InetAddress remoteAddress, Asn remoteAs) {
        return new Builder(remoteAddress, remoteAs);
    }

    /** {@return a builder for a peer given as a literal address} */
    public static Builder builder(String remoteAddress, long remoteAs) {
        return new Builder(IpAddresses.parse(remoteAddress), Asn.of(remoteAs));
    }

    /** {@return a builder for another configuration of this peer} */
    public Builder toBuilder() {
        return copyTo(new Builder(remoteAddress, remoteAs));
    }

    /** {@return a builder for a peer like this one, at another address given as a literal} */
    public Builder toBuilder(String otherAddress) {
        return copyTo(new Builder(IpAddresses.parse(otherAddress), remoteAs));
    }

    private Builder copyTo(Builder builder) {
        builder.name = name;
        builder.remotePort = remotePort;
        builder.localAddress = localAddress;
        builder.metric = metric;
        builder.enabled = enabled;
        builder.passive = passive;
        builder.md5Key = md5Key;
        builder.holdTime = holdTime;
        builder.keepaliveTime = keepaliveTime;
        builder.connectRetryTime = connectRetryTime;
        builder.delayOpenTime = delayOpenTime;
        builder.advertisementInterval = advertisementInterval;
        builder.openHoldTime = openHoldTime;
        builder.features = features;
        builder.idleHoldTime = idleHoldTime;
        builder.maxIdleHoldTime = maxIdleHoldTime;
        builder.stableTime = stableTime;
        builder.sendHoldTime = Optional.of(sendHoldTime);
        builder.families = families;
        builder.importPolicy = importPolicy;
        builder.exportPolicy = exportPolicy;
        builder.prefixLimits = prefixLimits;
        builder.outboundGuards = outboundGuards;
        builder.nextHops = nextHops;
        builder.enforceFirstAs = enforceFirstAs;
        builder.allowOwnAs = allowOwnAs;
        builder.nextHopSelf = nextHopSelf;
        builder.routing = routing;
        builder.ttlSecurity = ttlSecurity;
        builder.routeRefresh = routeRefresh;
        builder.gracefulRestart = gracefulRestart;
        return builder;
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final InetAddress remoteAddress;
        private Asn remoteAs;
        private String name;
        private int remotePort = BGP_PORT;
        private Optional<InetAddress> localAddress = Optional.empty();
        private int metric = RouteSource.DEFAULT_METRIC;
        private boolean enabled = true;
        private boolean passive;
        private Optional<Md5Key> md5Key = Optional.empty();
        private Duration holdTime = Duration.ofSeconds(90);
        private Duration keepaliveTime = Duration.ZERO;
        private Duration connectRetryTime = Duration.ofSeconds(10);
        private Duration delayOpenTime = Duration.ZERO;
        private Duration advertisementInterval = Duration.ZERO;
        private Duration openHoldTime = Duration.ofMinutes(4);
        private PeerFeatures features = PeerFeatures.DEFAULT;
        private Duration idleHoldTime = Duration.ofSeconds(1);
        private Duration maxIdleHoldTime = Duration.ofMinutes(2);
        private Duration stableTime = Duration.ofSeconds(60);
        private Optional<Duration> sendHoldTime = Optional.empty();
        private Set<AddressFamily> families;
        private Optional<RoutePolicy> importPolicy = Optional.empty();
        private Optional<RoutePolicy> exportPolicy = Optional.empty();
        private Map<AddressFamily, PrefixLimit> prefixLimits = Map.of();
        private Map<AddressFamily, OutboundGuard> outboundGuards = Map.of();
        private OwnNextHops nextHops = OwnNextHops.NONE;
        private boolean enforceFirstAs = true;
        private int allowOwnAs;
        private boolean nextHopSelf;
        private PeerRouting routing = PeerRouting.DEFAULT;
        private int ttlSecurity;
        private RouteRefreshOptions routeRefresh = RouteRefreshOptions.DEFAULT;
        private GracefulRestart gracefulRestart = GracefulRestart.OFF;

        private Builder(InetAddress remoteAddress, Asn remoteAs) {
            this.remoteAddress = remoteAddress;
            this.remoteAs = remoteAs;
            this.name = IpAddresses.text(remoteAddress);
            this.families = Set.of(
                    remoteAddress.getAddress().length == 4 ? AddressFamily.IPV4_UNICAST : AddressFamily.IPV6_UNICAST);
        }

        public Builder name(String value) {
            name = value;
            return this;
        }

        public Builder remoteAs(Asn value) {
            remoteAs = value;
            return this;
        }

        public Builder remotePort(int value) {
            remotePort = value;
            return this;
        }

        public Builder localAddress(InetAddress value) {
            localAddress = Optional.of(value);
            return this;
        }

        public Builder localAddress(String literal) {
            return localAddress(IpAddresses.parse(literal));
        }

        public Builder metric(int value) {
            metric = value;
            return this;
        }

        public Builder enabled(boolean value) {
            enabled = value;
            return this;
        }

        public Builder passive(boolean value) {
            passive = value;
            return this;
        }

        public Builder md5Key(Md5Key value) {
            md5Key = Optional.of(value);
            return this;
        }

        public Builder withoutMd5Key() {
            md5Key = Optional.empty();
            return this;
        }

        public Builder holdTime(Duration value) {
            holdTime = value;
            return this;
        }

        public Builder keepaliveTime(Duration value) {
            keepaliveTime = value;
            return this;
        }

        public Builder connectRetryTime(Duration value) {
            connectRetryTime = value;
            return this;
        }

        public Builder delayOpenTime(Duration value) {
            delayOpenTime = value;
            return this;
        }

        public Builder advertisementInterval(Duration value) {
            advertisementInterval = value;
            return this;
        }

        public Builder openHoldTime(Duration value) {
            openHoldTime = value;
            return this;
        }

        public Builder features(PeerFeatures value) {
            features = value;
            return this;
        }

        /** Sets the first and the longest wait after repeated failures. */
        public Builder idleHoldTime(Duration first, Duration longest) {
            idleHoldTime = first;
            maxIdleHoldTime = longest;
            return this;
        }

        public Builder stableTime(Duration value) {
            stableTime = value;
            return this;
        }

        public Builder sendHoldTime(Duration value) {
            sendHoldTime = Optional.of(value);
            return this;
        }

        public Builder families(AddressFamily... values) {
            families = Set.of(values);
            return this;
        }

        public Builder families(Set<AddressFamily> values) {
            families = values;
            return this;
        }

        public Builder importPolicy(RoutePolicy value) {
            importPolicy = Optional.of(value);
            return this;
        }

        public Builder exportPolicy(RoutePolicy value) {
            exportPolicy = Optional.of(value);
            return this;
        }

        public Builder prefixLimit(AddressFamily family, PrefixLimit value) {
            prefixLimits = with(prefixLimits, family, value);
            return this;
        }

        public Builder outboundGuard(AddressFamily family, OutboundGuard value) {
            outboundGuards = with(outboundGuards, family, value);
            return this;
        }

        public Builder withoutOutboundGuards() {
            outboundGuards = Map.of();
            return this;
        }

        public Builder nextHops(OwnNextHops value) {
            nextHops = value;
            return this;
        }

        public Builder enforceFirstAs(boolean value) {
            enforceFirstAs = value;
            return this;
        }

        public Builder allowOwnAs(int value) {
            allowOwnAs = value;
            return this;
        }

        public Builder nextHopSelf(boolean value) {
            nextHopSelf = value;
            return this;
        }

        public Builder routing(PeerRouting value) {
            routing = value;
            return this;
        }

        public Builder ttlSecurity(int hops) {
            ttlSecurity = hops;
            return this;
        }

        public Builder routeRefresh(RouteRefreshOptions value) {
            routeRefresh = value;
            return this;
        }

        public Builder gracefulRestart(GracefulRestart value) {
            gracefulRestart = value;
            return this;
        }

        public PeerConfig build() {
            return new PeerConfig(
                    name,
                    remoteAddress,
                    remotePort,
                    localAddress,
                    remoteAs,
                    metric,
                    enabled,
                    passive,
                    md5Key,
                    holdTime,
                    keepaliveTime,
                    connectRetryTime,
                    delayOpenTime,
                    advertisementInterval,
                    openHoldTime,
                    features,
                    idleHoldTime,
                    maxIdleHoldTime,
                    stableTime,
                    sendHoldTime.orElseGet(this::defaultSendHoldTime),
                    families,
                    importPolicy,
                    exportPolicy,
                    prefixLimits,
                    outboundGuards,
                    nextHops,
                    enforceFirstAs,
                    allowOwnAs,
                    nextHopSelf,
                    routing,
                    ttlSecurity,
                    routeRefresh,
                    gracefulRestart);
        }

        private Duration defaultSendHoldTime() {
            Duration twice = holdTime.multipliedBy(2);
            return twice.compareTo(Duration.ofMinutes(8)) > 0 ? twice : Duration.ofMinutes(8);
        }

        private static <V> Map<AddressFamily, V> with(Map<AddressFamily, V> map, AddressFamily family, V value) {
            Map<AddressFamily, V> copy = new java.util.HashMap<>(map);
            copy.put(family, value);
            return copy;
        }
    }
}
