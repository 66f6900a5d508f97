package net.popbgp.core.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.popbgp.core.attribute.Aggregator;
import net.popbgp.core.attribute.AsPath;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.ExtendedCommunity;
import net.popbgp.core.attribute.LargeCommunity;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.attribute.Origin;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.attribute.RawAttribute;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.RouterId;
import org.junit.jupiter.api.Test;

/** Random routes through the packer and back, and random damage to what it made. */
class RoundTripTest {

    private static final int ROUNDS = 400;

    private static PathAttributes attributes(Random random, AddressFamily family, boolean internal) {
        PathAttributes.Builder builder = PathAttributes.builder()
                .origin(Origin.values()[random.nextInt(3)])
                .asPath(asPath(random))
                .nextHop(family.afi() == 1 ? NextHop.of(IpAddresses.parse("192.0.2.7")) : ipv6NextHop(random));
        if (random.nextBoolean()) {
            builder.multiExitDisc(random.nextInt() & 0xFFFF_FFFFL).atomicAggregate(true);
        }
        if (random.nextBoolean()) {
            builder.aggregator(new Aggregator(Asn.of(1 + random.nextInt(100_000)), new RouterId(random.nextInt())));
        }
        if (internal) {
            builder.localPref(random.nextInt(1000))
                    .originatorId(new RouterId(random.nextInt()))
                    .clusterList(List.of(new RouterId(1), new RouterId(random.nextInt())));
        }
        List<Community> communities = new ArrayList<>();
        for (int i = random.nextInt(90); i > 0; i--) {
            communities.add(new Community(random.nextInt()));
        }
        builder.communities(communities);
        if (random.nextBoolean()) {
            builder.largeCommunities(List.of(new LargeCommunity(random.nextInt(), 1, 2)))
                    .extendedCommunities(List.of(new ExtendedCommunity(random.nextLong())))
                    .onlyToCustomer(Asn.of(65001))
                    .unrecognized(List.of(
                            new RawAttribute(0xE0, 11, new byte[3]), new RawAttribute(0xE0, 253, new byte[300])));
        }
        return builder.build();
    }

    private static NextHop ipv6NextHop(Random random) {
        return new NextHop(
                IpAddresses.parse("2001:db8::7"), random.nextBoolean() ? IpAddresses.parse("fe80::7") : null);
    }

    private static AsPath asPath(Random random) {
        AsPath path = AsPath.EMPTY;
        for (int i = random.nextInt(6); i > 0; i--) {
            path = path.prepend(
                    Asn.of(1 + random.nextInt(random.nextBoolean() ? 65_000 : 200_000)), 1 + random.nextInt(3));
        }
        return path;
    }

    private static PackedPrefixes prefixes(Random random, AddressFamily family, int count, boolean pathIds) {
        PackedPrefixes.Builder builder = PackedPrefixes.builder(family, count);
        for (int i = 0; i < count; i++) {
            int length = 8 + random.nextInt(family.maxPrefixLength() - 7);
            long high = family.afi() == 1 ? 0 : 0x2001_0000_0000_0000L | random.nextLong() >>> 16;
            long low = family.afi() == 1 ? 0x0B00_0000L + random.nextInt(0x6000_0000) : random.nextLong();
            if (pathIds) {
                builder.add(high, low, length, random.nextInt());
            } else {
                builder.add(high, low, length);
            }
        }
        return builder.build();
    }

    private static List<byte[]> split(byte[] packed) {
        List<byte[]> messages = new ArrayList<>();
        for (int at = 0; at < packed.length; ) {
            int length = Octets.u16(packed, at + 16);
            messages.add(Arrays.copyOfRange(packed, at, at + length));
            at += length;
        }
        return messages;
    }

    @Test
    void routes_come_back_as_they_were_packed() throws NotificationException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        CodecOptions[] sessions = {Wires.EXTERNAL, Wires.INTERNAL, Wires.TWO_OCTET, Wires.addPath()};
        for (int round = 0; round < ROUNDS; round++) {
            CodecOptions options = sessions[round % sessions.length];
            AddressFamily family = random.nextBoolean() ? AddressFamily.IPV4_UNICAST : AddressFamily.IPV6_UNICAST;
            boolean pathIds = options.addPathSend().contains(family);
            PathAttributes attributes = attributes(random, family, !options.external());
            PackedPrefixes prefixes = prefixes(random, family, 1 + random.nextInt(3000), pathIds);
            UpdatePacker packer = new UpdatePacker(options);
            packer.announce(attributes, prefixes);
            packer.withdraw(prefixes);
            packer.endOfRib(family);

            MessageCodec codec = new MessageCodec(options);
            PackedPrefixes.Builder announced = PackedPrefixes.builder(family, 0);
            PackedPrefixes.Builder withdrawn = PackedPrefixes.builder(family, 0);
            int count = packer.messages();
            List<byte[]> messages = split(packer.take());
            assertThat(messages).hasSize(count);
            for (byte[] message : messages) {
                assertThat(message.length).isLessThanOrEqualTo(4096);
                UpdateMessage update = (UpdateMessage) codec.decode(message);
                assertThat(update.faults()).isEmpty();
                assertThat(codec.encode(update)).isEqualTo(message);
                update.announced().forEach(each -> {
                    assertThat(each.attributes()).isEqualTo(attributes);
                    addAll(announced, each.prefixes());
                });
                update.withdrawn().forEach(each -> addAll(withdrawn, each));
            }
            assertThat(announced.build()).isEqualTo(prefixes);
            assertThat(withdrawn.build()).isEqualTo(prefixes);
        }
    }

    private static void addAll(PackedPrefixes.Builder to, PackedPrefixes from) {
        for (int i = 0; i < from.size(); i++) {
            if (from.hasPathIds()) {
                to.add(from.high(i), from.low(i), from.length(i), from.pathId(i));
            } else {
                to.add(from.high(i), from.low(i), from.length(i));
            }
        }
    }

    @Test
    void damaged_messages_cause_values_or_notifications_only() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        CodecOptions[] sessions = {
            Wires.EXTERNAL,
            Wires.INTERNAL,
            Wires.TWO_OCTET,
            Wires.addPath(),
            Wires.extendedNextHop(),
            CodecOptions.INITIAL
        };
        for (int round = 0; round < ROUNDS; round++) {
            CodecOptions options = sessions[round % sessions.length];
            AddressFamily family = random.nextBoolean() ? AddressFamily.IPV4_UNICAST : AddressFamily.IPV6_UNICAST;
            UpdatePacker packer = new UpdatePacker(options);
            packer.announce(attributes(random, family, true), prefixes(random, family, 1 + random.nextInt(20), false));
            byte[] message = packer.take();
            MessageCodec codec = new MessageCodec(options);
            for (int damage = 0; damage < 200; damage++) {
                byte[] damaged = message.clone();
                for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                    damaged[19 + random.nextInt(damaged.length - 19)] = (byte) random.nextInt();
                }
                if (random.nextInt(4) == 0) {
                    damaged = Arrays.copyOf(damaged, 19 + random.nextInt(damaged.length - 18));
                    Octets.put16(damaged, 16, damaged.length);
                }
                if (random.nextInt(3) == 0) {
                    damaged[18] = (byte) (1 + random.nextInt(5));
                }
                try {
                    assertThat(codec.decode(damaged)).isNotNull();
                } catch (NotificationException e) {
                    assertThat(e.notification().code()).isIn(1, 2, 3, 7);
                    assertThat(codec.encode(e.notification()).length).isLessThanOrEqualTo(4096);
                }
            }
        }
    }
}
