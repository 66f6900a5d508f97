package net.popbgp.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.codec.UpdatePacker;
import net.popbgp.core.decision.DecisionOptions;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.rib.ExportOptions;
import net.popbgp.core.rib.RibOptions;
import net.popbgp.core.rib.RouteBatch;
import net.popbgp.core.rib.RoutingTables;
import net.popbgp.core.route.PeerRouting;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.RouteSource;
import net.popbgp.sim.load.Batch;
import net.popbgp.sim.load.RouteGenerator;

/** What all benchmarks work on: the same seeds, sessions and peers. */
public final class Loads {

    static final AddressFamily IPV4 = AddressFamily.IPV4_UNICAST;
    static final AddressFamily IPV6 = AddressFamily.IPV6_UNICAST;

    /** An external session with both families and messages of 4096 octets. */
    public static final CodecOptions SESSION = new CodecOptions(
            true,
            true,
            CodecOptions.STANDARD_LENGTH,
            CodecOptions.STANDARD_LENGTH,
            Set.of(IPV4, IPV6),
            Set.of(),
            Set.of(),
            Set.of());

    private static final long SEED = 20_261;

    private Loads() {}

    /** {@return routes as a peer with this last octet sends them; every peer sends the same prefixes and paths with its own next hop} */
    public static List<Batch> internet(int count, int peer) {
        return new RouteGenerator(SEED, IPV4, address(peer), Asn.of(12076)).generate(count);
    }

    static java.net.InetAddress address(int peer) {
        return IpAddresses.parse("169.254." + (peer >>> 8) + "." + (peer & 0xFF));
    }

    /** {@return prefixes of one length, side by side, from 24.0.0.0 or 2400:: on} */
    static PackedPrefixes sideBySide(AddressFamily family, int length, int count) {
        PackedPrefixes.Builder prefixes = PackedPrefixes.builder(family, count);
        for (int i = 0; i < count; i++) {
            if (family.equals(IPV4)) {
                prefixes.add(0, (24L << 24) + ((long) i << 32 - length), length);
            } else {
                prefixes.add((0x2400L << 48) + ((long) i << 64 - length), 0, length);
            }
        }
        return prefixes.build();
    }

    /** {@return ordinary attributes: three hops, a metric} */
    static PathAttributes attributes(int peer, long multiExitDisc) {
        return PathAttributes.builder()
                .asPath(12076, 8075, 8068)
                .nextHop(address(peer))
                .multiExitDisc(multiExitDisc)
                .build();
    }

    /** {@return attributes of IPv6 routes} */
    static PathAttributes attributesIpv6() {
        return PathAttributes.builder()
                .asPath(12076, 8075, 8068)
                .nextHop(IpAddresses.parse("2001:db8::1"))
                .build();
    }

    /** {@return an equal set that is another object} */
    static PathAttributes copy(PathAttributes attributes) {
        return attributes.toBuilder().build();
    }

    static RoutingTables tables() {
        return new RoutingTables(new RibOptions(Asn.of(65010), RouterId.of("10.0.0.1"), DecisionOptions.DEFAULT));
    }

    /** {@return an external peer whose address and identifier end with this octet} */
    static RouteSource source(int peer, int metric) {
        return new RouteSource(
                address(peer), PeerType.EXTERNAL, Asn.of(12076), new RouterId(0x0A00_0000 + peer), metric, "");
    }

    static int addPeer(RoutingTables tables, int peer, int metric) {
        return tables.addPeer(source(peer, metric), RoutePolicy.ACCEPT_ALL);
    }

    static void announce(RoutingTables tables, int peer, List<Batch> batches) {
        for (Batch batch : batches) {
            tables.announce(peer, batch.attributes(), batch.prefixes());
        }
    }

    static void withdraw(RoutingTables tables, int peer, List<Batch> batches) {
        for (Batch batch : batches) {
            tables.withdraw(peer, batch.prefixes());
        }
    }

    /** {@return how an external neighbour behind us sees the routes} */
    static ExportOptions export() {
        return new ExportOptions(
                PeerType.EXTERNAL,
                Asn.of(65010),
                RouterId.of("10.0.0.1"),
                Optional.of(NextHop.of(address(1))),
                Optional.empty(),
                false,
                Optional.empty(),
                false,
                "",
                PeerRouting.DEFAULT,
                false,
                RoutePolicy.ACCEPT_ALL,
                Set.of(IPV4));
    }

    /** {@return the UPDATEs of the routes, one array each} */
    static List<byte[]> updates(List<Batch> batches) {
        return split(stream(batches));
    }

    /** {@return the UPDATEs of the routes, one after the other} */
    public static byte[] stream(List<Batch> batches) {
        UpdatePacker packer = new UpdatePacker(SESSION);
        for (Batch batch : batches) {
            packer.announce(batch.attributes(), batch.prefixes());
        }
        return packer.take();
    }

    /** Has the routes of a batch written by the packer, as the speaker does. */
    static void pack(RouteBatch batch, UpdatePacker packer) {
        for (RouteBatch.Section section : batch.sections()) {
            if (section.attributes() == null) {
                packer.withdraw(section.prefixes());
            } else {
                packer.announce(section.attributes(), section.prefixes());
            }
        }
    }

    private static List<byte[]> split(byte[] stream) {
        List<byte[]> messages = new ArrayList<>();
        for (int at = 0; at < stream.length; ) {
            int length = (stream[at + 16] & 0xFF) << 8 | stream[at + 17] & 0xFF;
            byte[] message = new byte[length];
            System.arraycopy(stream, at, message, 0, length);
            messages.add(message);
            at += length;
        }
        return messages;
    }

    /** {@return the routes in portions of exactly so many prefixes; what remains at the end is left out} */
    static List<List<Batch>> portions(List<Batch> batches, int size) {
        List<List<Batch>> portions = new ArrayList<>();
        List<Batch> portion = new ArrayList<>();
        int room = size;
        for (Batch batch : batches) {
            int from = 0;
            while (from < batch.prefixes().size()) {
                int end = Math.min(batch.prefixes().size(), from + room);
                portion.add(new Batch(batch.attributes(), slice(batch.prefixes(), from, end)));
                room -= end - from;
                from = end;
                if (room == 0) {
                    portions.add(portion);
                    portion = new ArrayList<>();
                    room = size;
                }
            }
        }
        return portions;
    }

    private static PackedPrefixes slice(PackedPrefixes prefixes, int from, int end) {
        if (from == 0 && end == prefixes.size()) {
            return prefixes;
        }
        PackedPrefixes.Builder slice = PackedPrefixes.builder(prefixes.family(), end - from);
        for (int i = from; i < end; i++) {
            slice.add(prefixes.high(i), prefixes.low(i), prefixes.length(i));
        }
        return slice.build();
    }
}
