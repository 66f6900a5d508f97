package net.popbgp.daemon.site;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.Prefix;

/**
 * What a cloud wants of its neighbour and does with what it is sent: its side of the contract, as data. Each is a file in {@code profiles},
 * read once; a cloud more is a file more. Immutable.
 *
 * @param title the cloud as people call it
 * @param cloudAsn the AS of its edge routers
 * @param forbiddenAsns AS numbers and ranges that the neighbour may not have
 * @param advisedAsns AS numbers and ranges that it should have; empty for any
 * @param twoOctetAsnAdvised whether an AS number of the neighbour's above 65535 is worth a warning
 * @param linkPrefixLength the length of a circuit's subnet, 29..31
 * @param addressRole which usable address of it is the PoP's
 * @param vlanPerServiceKey whether all links of one service key have the same VLAN
 * @param ttl the TTL of its packets
 * @param maxPrefixOut the most prefixes it takes, by tier
 * @param warnPercent at which share of a limit the operator is warned, 1..100
 * @param limitAction what it does beyond that, for people
 * @param maxPrefixSent the most that it sends of its own
 * @param maxPrefixIn the most that is taken from it
 * @param acceptsDefault whether it takes a default route
 * @param defaultRouteEffect what a default route does there, for people
 * @param honoursMed whether a MULTI_EXIT_DISC matters to it
 * @param honoursCommunities whether communities matter to it
 * @param drainSignals how it announces maintenance
 * @param expectedAsPath the AS_PATH of its routes
 * @param bandwidths what it offers, Mbit/s
 * @param secondaryPrepend how many times the secondary prepends our AS besides the once of the protocol
 */
public record CloudProfile(
        String title,
        long cloudAsn,
        List<String> forbiddenAsns,
        List<String> advisedAsns,
        boolean twoOctetAsnAdvised,
        int linkPrefixLength,
        AddressRole addressRole,
        boolean vlanPerServiceKey,
        Md5 md5,
        Timers timers,
        Bfd bfd,
        int ttl,
        Map<Sku, PrefixLimits> maxPrefixOut,
        int warnPercent,
        String limitAction,
        PrefixLimits maxPrefixSent,
        int maxPrefixIn,
        boolean acceptsDefault,
        String defaultRouteEffect,
        boolean honoursMed,
        boolean honoursCommunities,
        List<String> drainSignals,
        List<Long> expectedAsPath,
        List<Integer> bandwidths,
        int secondaryPrepend,
        Metrics metrics) {

    /** Which usable address of a link is the PoP's; the other one is the cloud's. */
    public enum AddressRole {
        FIRST,
        SECOND
    }

    /**
     * What a TCP MD5 key has to be. Immutable.
     *
     * @param pattern a regular expression for the whole key
     * @param rule the same for people
     */
    public record Md5(boolean required, String pattern, String rule) {}

    /** Seconds: what we offer by default, what the cloud does, and its shortest hold time. Immutable. */
    public record Timers(
            int hold, int keepalive, int peerHold, int peerKeepalive, int minHold, boolean holdZeroAllowed) {}

    /** Milliseconds, and how many packets may be missed. Immutable. */
    public record Bfd(int peerTx, int peerRx, int peerMultiplier, int shortest) {}

    /** Prefixes of each family. Immutable. */
    public record PrefixLimits(int ipv4, int ipv6) {}

    /** The metrics of the circuits that have none configured. Immutable. */
    public record Metrics(int primary, int secondary) {}

    private static final Map<String, Optional<CloudProfile>> KNOWN = new ConcurrentHashMap<>();

    public CloudProfile {
        forbiddenAsns = List.copyOf(forbiddenAsns);
        advisedAsns = List.copyOf(advisedAsns);
        maxPrefixOut = Map.copyOf(maxPrefixOut);
        drainSignals = List.copyOf(drainSignals);
        expectedAsPath = List.copyOf(expectedAsPath);
        bandwidths = List.copyOf(bandwidths);
        if (linkPrefixLength < 29 || linkPrefixLength > 31) {
            throw new IllegalArgumentException("a link is a /29, /30 or /31, not a /" + linkPrefixLength);
        }
    }

    /** {@return the profile of that name, empty if there is none} */
    public static Optional<CloudProfile> named(String name) {
        return name.matches("[a-z0-9-]{1,40}") ? KNOWN.computeIfAbsent(name, CloudProfile::load) : Optional.empty();
    }

    private static Optional<CloudProfile> load(String name) {
        try (InputStream in = CloudProfile.class.getResourceAsStream("/profiles/" + name + ".yaml")) {
            if (in == null) {
                return Optional.empty();
            }
            YAMLMapper yaml = YAMLMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                    .build();
            return Optional.of(yaml.readValue(in, CloudProfile.class));
        } catch (IOException e) {
            throw new UncheckedIOException("the profile " + name + " cannot be read", e);
        }
    }

    public Asn cloudAs() {
        return Asn.of(cloudAsn);
    }

    /** {@return whether the neighbour may have that AS} */
    public boolean forbids(Asn asn) {
        return isAmong(asn, forbiddenAsns);
    }

    /** {@return whether the neighbour had better have another AS} */
    public boolean advisesAgainst(Asn asn) {
        return !advisedAsns.isEmpty() && !isAmong(asn, advisedAsns);
    }

    private static boolean isAmong(Asn asn, List<String> ranges) {
        return ranges.stream()
                .map(range -> range.split("-", 2))
                .anyMatch(range -> asn.value() >= Long.parseLong(range[0])
                        && asn.value() <= Long.parseLong(range[range.length - 1]));
    }

    /** {@return the most IPv4 prefixes that a circuit of the tier takes; empty if the cloud has no such tier} */
    public Optional<Integer> maxPrefixes(Sku sku) {
        return Optional.ofNullable(maxPrefixOut.get(sku)).map(PrefixLimits::ipv4);
    }

    /** {@return the PoP's address of a link} */
    public InetAddress popAddress(Prefix subnet) {
        return usable(subnet, addressRole == AddressRole.FIRST ? 0 : 1);
    }

    /** {@return the cloud's address of a link} */
    public InetAddress cloudAddress(Prefix subnet) {
        return usable(subnet, addressRole == AddressRole.FIRST ? 1 : 0);
    }

    /** A /31 has no address for the network itself (RFC 3021). */
    private static InetAddress usable(Prefix subnet, int number) {
        int first = subnet.length() == 31 ? 0 : 1;
        return Prefix.masked(AddressFamily.IPV4_UNICAST, 0, subnet.low() + first + number, 32)
                .address();
    }
}
