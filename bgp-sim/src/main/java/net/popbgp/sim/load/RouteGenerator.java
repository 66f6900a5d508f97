package net.popbgp.sim.load;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.popbgp.core.attribute.AsPath;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.LargeCommunity;
import net.popbgp.core.attribute.Origin;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;

/**
 * Makes routes as an Internet router sees them: lengths, AS_PATHs, communities and the sharing of attributes in about the proportions of
 * the global table. The same seed gives the same routes, and a larger count begins with the routes of a smaller one but for its last batch.
 *
 * <p>Limits: 1,000,000 IPv4 and 4,000,000 IPv6 prefixes, 163,840 VNet address spaces.
 *
 * <p>Immutable.
 */
public final class RouteGenerator {

    public static final int MAX_IPV4 = 1_000_000;
    public static final int MAX_IPV6 = 4_000_000;
    public static final int MAX_VNETS = 163_840;

    private static final int WIDE_VNETS = 32_768;
    private static final int MEAN_SHARING = 7;

    /** Prefix lengths and how many of 1,000 prefixes have them. */
    private static final int[][] IPV4_LENGTHS = {
        {24, 600}, {23, 100}, {22, 110}, {21, 50}, {20, 45}, {19, 30}, {18, 15}, {17, 10}, {16, 30}, {15, 4}, {14, 3},
        {13, 2}, {12, 1}
    };

    private static final int[][] IPV6_LENGTHS = {{48, 500}, {44, 130}, {40, 100}, {36, 60}, {32, 200}, {29, 10}};

    /** First octets that are reserved, private, loopback or multicast, or hold such blocks (RFC 6890). */
    private static final Set<Integer> RESERVED_OCTETS = Set.of(0, 10, 100, 127, 169, 172, 192, 198, 203);

    private final long seed;
    private final AddressFamily family;
    private final InetAddress nextHop;
    private final Asn neighbor;

    /**
     * @param nextHop of all routes, of the family's kind for IPv4
     * @param neighbor the first AS of all paths
     */
    public RouteGenerator(long seed, AddressFamily family, InetAddress nextHop, Asn neighbor) {
        if (!family.isSupported()) {
            throw new IllegalArgumentException("no routes are made for family " + family);
        }
        this.seed = seed;
        this.family = family;
        this.nextHop = nextHop;
        this.neighbor = neighbor;
    }

    /** {@return so many routes, grouped by their attributes} */
    public List<Batch> generate(int count) {
        int max = family.afi() == 1 ? MAX_IPV4 : MAX_IPV6;
        if (count < 0 || count > max) {
            throw new IllegalArgumentException("count of routes out of range 0.." + max + ": " + count);
        }
        Random random = new Random(seed);
        Set<Prefix> taken = new HashSet<>(count * 2);
        List<Batch> batches = new ArrayList<>(count / MEAN_SHARING + 1);
        int made = 0;
        while (made < count) {
            PathAttributes attributes = attributes(random);
            int size = sharing(random);
            PackedPrefixes.Builder prefixes = PackedPrefixes.builder(family, size);
            for (int i = 0; i < size && made < count; i++) {
                prefixes.add(freshPrefix(random, taken));
                made++;
            }
            batches.add(new Batch(attributes, prefixes.build()));
        }
        return batches;
    }

    /** {@return a geometric number: most attribute sets are shared by few prefixes, some by many} */
    private static int sharing(Random random) {
        int size = 1;
        while (size < 200 && random.nextInt(MEAN_SHARING) != 0) {
            size++;
        }
        return size;
    }

    private Prefix freshPrefix(Random random, Set<Prefix> taken) {
        while (true) {
            Prefix prefix = family.afi() == 1 ? ipv4(random) : ipv6(random);
            if (taken.add(prefix)) {
                return prefix;
            }
        }
    }

    private Prefix ipv4(Random random) {
        int octet;
        do {
            octet = 1 + random.nextInt(223);
        } while (RESERVED_OCTETS.contains(octet));
        long address = (long) octet << 24 | random.nextInt(1 << 24);
        return Prefix.masked(family, 0, address, pick(random, IPV4_LENGTHS));
    }

    /** Within 2400::/6, which holds global unicast space only (documentation and 6to4 lie below). */
    private Prefix ipv6(Random random) {
        long high = 0x2400L << 48 | random.nextLong() & 0x03FF_FFFF_FFFF_FFFFL;
        return Prefix.masked(family, high, 0, pick(random, IPV6_LENGTHS));
    }

    private static int pick(Random random, int[][] weighted) {
        int ticket = random.nextInt(1000);
        for (int[] entry : weighted) {
            ticket -= entry[1];
            if (ticket < 0) {
                return entry[0];
            }
        }
        throw new IllegalStateException("weights do not add up to 1000");
    }

    private PathAttributes attributes(Random random) {
        PathAttributes.Builder builder = PathAttributes.builder()
                .origin(random.nextInt(100) < 85 ? Origin.IGP : Origin.INCOMPLETE)
                .asPath(asPath(random))
                .nextHop(nextHop);
        if (random.nextInt(100) < 40) {
            builder.multiExitDisc(random.nextInt(1000));
        }
        if (random.nextInt(100) < 60) {
            builder.communities(communities(random));
        }
        if (random.nextInt(100) < 12) {
            builder.largeCommunities(List.of(
                    new LargeCommunity(transitAs(random).bits(), random.nextInt(1000), random.nextInt(100_000))));
        }
        return builder.build();
    }

    /** Two to seven numbers; in one path of ten the last AS prepends itself, within the seven. */
    private AsPath asPath(Random random) {
        int length = 2 + Math.min(random.nextInt(4) + random.nextInt(3), 5);
        long[] asns = new long[length];
        asns[0] = neighbor.value();
        for (int i = 1; i < length; i++) {
            asns[i] = transitAs(random).value();
        }
        if (length > 2 && random.nextInt(10) == 0) {
            for (int i = 1 + random.nextInt(length - 1); i < length; i++) {
                asns[i] = asns[length - 1];
            }
        }
        return AsPath.of(asns);
    }

    /** One number of five takes four octets. Reserved, private and AS_TRANS numbers and 12076 are left out. */
    private Asn transitAs(Random random) {
        if (random.nextInt(5) == 0) {
            return Asn.of(131_072 + random.nextInt(300_000));
        }
        while (true) {
            int asn = 1 + random.nextInt(64_495);
            if (asn != Asn.AS_TRANS.value() && asn != 12076) {
                return Asn.of(asn);
            }
        }
    }

    private List<Community> communities(Random random) {
        Set<Community> communities = new LinkedHashSet<>();
        int count = 1 + random.nextInt(5);
        while (communities.size() < count) {
            communities.add(Community.of(1 + random.nextInt(64_495), random.nextInt(65_536)));
        }
        return List.copyOf(communities);
    }

    /**
     * {@return distinct address spaces of VNets in 10.0.0.0/8 without overlaps: 32,768 of /24 in its lower half, then 131,072 of /26}
     *
     * @param count 0..163840
     */
    public static List<Prefix> vnetPrefixes(int count) {
        return vnetPrefixes(0, count);
    }

    /** {@return a slice of the same list, from an index on} */
    public static List<Prefix> vnetPrefixes(int from, int count) {
        if (from < 0 || count < 0 || from + count > MAX_VNETS) {
            throw new IllegalArgumentException("VNet address spaces are numbered 0.." + (MAX_VNETS - 1) + ", not "
                    + from + " and " + count + " more");
        }
        List<Prefix> prefixes = new ArrayList<>(count);
        for (int i = from; i < from + count; i++) {
            prefixes.add(vnetPrefix(i));
        }
        return prefixes;
    }

    private static Prefix vnetPrefix(int index) {
        boolean wide = index < WIDE_VNETS;
        long offset = wide ? (long) index << 8 : (1L << 23) + ((long) (index - WIDE_VNETS) << 6);
        return new Prefix(AddressFamily.IPV4_UNICAST, 0, (10L << 24) + offset, wide ? 24 : 26);
    }
}
