package net.popbgp.sim.azure;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;

/**
 * How an Azure router behaves. Immutable.
 *
 * @param holdTime seconds offered in the OPEN; 1 and 2 are errors (RFC 4271, 4.2), for who wants to see them refused
 * @param keepaliveTime seconds between KEEPALIVEs at most; a third of the negotiated hold time if that is less
 * @param minHoldTime seconds; a PoP that offers less, but not 0, is answered 2/6
 * @param connectRetry between attempts to connect, jittered by up to a quarter
 * @param standardLimit IPv4 prefixes taken on a Standard or Local circuit
 * @param premiumLimit IPv4 prefixes taken on a Premium circuit
 * @param ipv6Limit IPv6 prefixes taken
 * @param warnPercent of the limit at which an event is logged, 1..100
 * @param semantics whether the session drops at the limit or beyond it
 * @param restart how long the router stays Idle after the limit
 * @param vnetAsPath AS_PATH of VNet prefixes
 * @param vnetLimit IPv4 VNet prefixes; with more the gateway disconnects: all are withdrawn and the session stays up
 * @param allowOwnAs how often the own AS may occur in a received AS_PATH
 * @param drainPrepends how often the own AS is put in front of vnetAsPath during maintenance
 * @param routeRefresh whether the capability is offered
 * @param fourOctetAs whether the capability is offered
 * @param ipv6 whether IPv6 unicast is offered on an IPv4 session too
 * @param gracefulRestart seconds of the capability, empty for none
 */
public record AzureProfile(
        Asn localAs,
        int holdTime,
        int keepaliveTime,
        int minHoldTime,
        Duration connectRetry,
        int standardLimit,
        int premiumLimit,
        int ipv6Limit,
        int warnPercent,
        LimitSemantics semantics,
        Duration restart,
        List<Long> vnetAsPath,
        int vnetLimit,
        int allowOwnAs,
        int drainPrepends,
        boolean routeRefresh,
        boolean fourOctetAs,
        boolean ipv6,
        OptionalInt gracefulRestart) {

    /** When a prefix limit is reached: the documentation says both. */
    public enum LimitSemantics {
        /** With one prefix more than the limit. */
        EXCEEDS,
        /** With as many prefixes as the limit. */
        MEETS
    }

    /** What is documented for ExpressRoute private peering, and the common router's choice where nothing is. */
    public static final AzureProfile DEFAULT = new AzureProfile(
            Asn.of(12076),
            180,
            60,
            3,
            Duration.ofSeconds(30),
            4000,
            10_000,
            100,
            80,
            LimitSemantics.EXCEEDS,
            Duration.ofSeconds(60),
            List.of(12076L),
            1000,
            2,
            8,
            true,
            true,
            false,
            OptionalInt.empty());

    public AzureProfile {
        requireRange("hold-time", holdTime, 0, 65535);
        requireRange("keepalive-time", keepaliveTime, 1, 65535);
        requireRange("min-hold-time", minHoldTime, 0, 65535);
        requireRange("standard-limit", standardLimit, 1, 10_000_000);
        requireRange("premium-limit", premiumLimit, 1, 10_000_000);
        requireRange("ipv6-limit", ipv6Limit, 1, 10_000_000);
        requireRange("warn-percent", warnPercent, 1, 100);
        requireRange("vnet-limit", vnetLimit, 0, 1_000_000);
        requireRange("allow-own-as", allowOwnAs, 0, 255);
        requireRange("drain-prepends", drainPrepends, 0, 100);
        if (connectRetry.isNegative() || connectRetry.isZero() || restart.isNegative()) {
            throw new IllegalArgumentException(
                    "connect-retry must be positive and restart not negative: " + connectRetry + ", " + restart);
        }
        vnetAsPath = List.copyOf(vnetAsPath);
    }

    private static void requireRange(String what, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(what + " out of range " + min + ".." + max + ": " + value);
        }
    }

    /** {@return how many prefixes of the family a circuit takes} */
    public int limit(AddressFamily family, Sku sku) {
        if (family.equals(AddressFamily.IPV6_UNICAST)) {
            return ipv6Limit;
        }
        return sku == Sku.PREMIUM ? premiumLimit : standardLimit;
    }

    /** {@return whether so many prefixes are too many for the limit} */
    boolean isTooMany(int count, int limit) {
        return switch (semantics) {
            case EXCEEDS -> count > limit;
            case MEETS -> count >= limit;
        };
    }
}
