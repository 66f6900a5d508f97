package net.popbgp.speaker;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.popbgp.core.attribute.Aggregator;
import net.popbgp.core.attribute.AsPath;
import net.popbgp.core.attribute.ExtendedCommunity;
import net.popbgp.core.attribute.LargeCommunity;
import net.popbgp.core.attribute.Origin;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.codec.UpdatePacker;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.RouterId;

/**
 * UPDATEs like those of real tables for {@link WarmUp}: some seven prefixes to a set of attributes, most of them IPv4.
 *
 * <p>Confined to one thread.
 */
final class WarmUpRoutes {

    /** So many messages one after another, and how many routes they announce and withdraw. */
    @SuppressWarnings("ArrayRecordComponent") // never changed, never compared
    record Stream(byte[] octets, int messages, int routes) {}

    private static final int FEWEST_SETS = 500;
    private static final int SIZES = 4;
    private static final int IPV6_EVERY = 8;

    private final SplittableRandom random;
    private int sets = FEWEST_SETS;

    WarmUpRoutes(SplittableRandom random) {
        this.random = random;
    }

    /** Makes the tables of a round small, larger or large, so that tables grow and shrink. */
    void round(int number) {
        sets = FEWEST_SETS << number % SIZES;
    }

    /** {@return all prefixes, as this AS has them, and End-of-RIB} */
    Stream table(Asn as) {
        return announcements(as, 1, true);
    }

    /** {@return some prefixes with other attributes} */
    Stream changes(Asn as) {
        return announcements(as, 3, false);
    }

    private Stream announcements(Asn as, int step, boolean endOfRib) {
        UpdatePacker packer = new UpdatePacker(CodecOptions.INITIAL);
        int routes = 0;
        for (int set = 0; set < sets; set += step) {
            PackedPrefixes prefixes = prefixes(set);
            packer.announce(attributes(as, prefixes.family()), prefixes);
            routes += prefixes.size();
        }
        if (endOfRib) {
            packer.endOfRib(AddressFamily.IPV4_UNICAST);
            packer.endOfRib(AddressFamily.IPV6_UNICAST);
        }
        int messages = packer.messages();
        return new Stream(packer.take(), messages, routes);
    }

    Stream withdrawals() {
        UpdatePacker packer = new UpdatePacker(CodecOptions.INITIAL);
        int routes = 0;
        for (int set = 0; set < sets; set += 5) {
            PackedPrefixes prefixes = prefixes(set);
            packer.withdraw(prefixes);
            routes += prefixes.size();
        }
        int messages = packer.messages();
        return new Stream(packer.take(), messages, routes);
    }

    private static PackedPrefixes prefixes(int set) {
        boolean ipv6 = set % IPV6_EVERY == 0;
        int count = 1 + set % 14;
        PackedPrefixes.Builder builder =
                PackedPrefixes.builder(ipv6 ? AddressFamily.IPV6_UNICAST : AddressFamily.IPV4_UNICAST, count);
        for (int i = 0; i < count; i++) {
            int number = set * 16 + i;
            if (ipv6) {
                builder.add(0x2001_0db8_0000_0000L | number, 0, 64);
            } else {
                builder.add(0, 10L << 24 | (long) number << 8, 24);
            }
        }
        return builder.build();
    }

    /** Of all kinds that tables have, so that no kind is new to the compiled code. */
    private PathAttributes attributes(Asn as, AddressFamily family) {
        long[] path = new long[1 + random.nextInt(7)];
        boolean prepended = oneIn(9);
        for (int i = 0; i < path.length; i++) {
            path[i] = i == 0 || prepended ? as.value() : random.nextLong(1, 0x40_0000);
        }
        boolean ipv4 = family.equals(AddressFamily.IPV4_UNICAST);
        PathAttributes.Builder builder = PathAttributes.builder()
                .origin(Origin.values()[random.nextInt(3)])
                .asPath(AsPath.of(path))
                .nextHop(IpAddresses.parse((ipv4 ? "192.0.2." : "2001:db8::") + (as.value() - 65000)))
                .communityBits(random.ints(random.nextInt(8)).toArray());
        if (oneIn(3)) {
            builder.multiExitDisc(random.nextInt(100));
        }
        if (oneIn(8)) {
            List<LargeCommunity> large = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                large.add(new LargeCommunity(65000, i, random.nextInt()));
            }
            builder.largeCommunities(large);
        }
        if (oneIn(20)) {
            builder.aggregator(new Aggregator(as, new RouterId(random.nextInt())))
                    .atomicAggregate(oneIn(2));
        }
        if (oneIn(50)) {
            builder.extendedCommunities(List.of(new ExtendedCommunity(0x0002_FDE8_0000_0000L | random.nextInt(100))));
        }
        return builder.build();
    }

    private boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }
}
