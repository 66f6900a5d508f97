package net.popbgp.speaker;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.fsm.OpenRequirements;
import net.popbgp.core.net.AsnRange;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;

/**
 * A range of addresses from which peers may connect that are not configured one by one. Each gets a peer of its own, made from the template
 * when it connects, and forgotten when its session is gone. We never dial it. Immutable.
 *
 * @param name of the range; its peers are named {@code name-address}
 * @param range where they connect from
 * @param remoteAs of which each must have one
 * @param limit how many there may be at once, 1..4096
 * @param removeAfter how long one without a session is kept, and with it what is known of its failures
 * @param template everything else; its name, address and AS are replaced. The MD5 key is the whole range's
 */
public record DynamicPeersConfig(
        String name, Prefix range, List<AsnRange> remoteAs, int limit, Duration removeAfter, PeerConfig template) {

    public static final int MAX_LIMIT = 4096;
    public static final Duration DEFAULT_REMOVE_AFTER = Duration.ofSeconds(30);

    public DynamicPeersConfig {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit of dynamic peers out of range 1.." + MAX_LIMIT + ": " + limit);
        }
        if (removeAfter.isNegative() || removeAfter.isZero()) {
            throw new IllegalArgumentException("remove-after must be positive: " + removeAfter);
        }
        if (remoteAs.isEmpty()) {
            throw new IllegalArgumentException("dynamic peers need the AS numbers that they may have");
        }
        remoteAs = List.copyOf(remoteAs);
        template = template.toBuilder().name(name).passive(true).enabled(true).build();
    }

    /** {@return the range as it is mostly wanted: one AS} */
    public static DynamicPeersConfig of(String name, Prefix range, int limit, PeerConfig template) {
        return new DynamicPeersConfig(
                name, range, List.of(AsnRange.of(template.remoteAs())), limit, DEFAULT_REMOVE_AFTER, template);
    }

    /** {@return whether the other has the same name and range, so that this one can take its place} */
    public boolean isOfSameAddresses(DynamicPeersConfig other) {
        return name.equals(other.name) && range.equals(other.range);
    }

    /** {@return the configuration of the peer with this address, empty if it is not of the range} */
    public Optional<PeerConfig> peer(InetAddress address) {
        return range.covers(Prefix.of(address, address.getAddress().length * 8))
                ? Optional.of(peer(IpAddresses.text(address)))
                : Optional.empty();
    }

    /** {@return the configuration of the peer with this address} */
    PeerConfig peer(String address) {
        PeerFeatures features = template.features();
        OpenRequirements required = features.required();
        boolean oneAs = remoteAs.size() == 1
                && remoteAs.get(0).first().equals(remoteAs.get(0).last());
        return template.toBuilder(address)
                .name(name + "-" + address)
                .remoteAs(remoteAs.get(0).first())
                .features(
                        oneAs
                                ? features
                                : features.withRequired(new OpenRequirements(
                                        required.families(), required.capabilities(), required.role(), remoteAs)))
                .build();
    }
}
