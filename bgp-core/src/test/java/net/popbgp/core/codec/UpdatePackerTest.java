package net.popbgp.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.attribute.RawAttribute;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import org.junit.jupiter.api.Test;

class UpdatePackerTest {

    private static final PathAttributes PLAIN = PathAttributes.builder()
            .asPath(65000)
            .nextHop(IpAddresses.parse("192.0.2.1"))
            .build();

    private static PackedPrefixes slash24s(int count) {
        PackedPrefixes.Builder builder = PackedPrefixes.builder(AddressFamily.IPV4_UNICAST, count);
        for (int i = 0; i < count; i++) {
            builder.add(0, 0x0A00_0000L + (i << 8), 24);
        }
        return builder.build();
    }

    @Test
    void updates_are_filled_to_the_last_octet_that_a_prefix_can_take() {
        UpdatePacker packer = new UpdatePacker(Wires.EXTERNAL);
        int perMessage = (4096 - 23 - 20) / 4;
        packer.announce(PLAIN, slash24s(perMessage));
        assertThat(packer.messages()).isEqualTo(1);
        assertThat(packer.take()).hasSize(23 + 20 + 4 * perMessage);

        packer.announce(PLAIN, slash24s(perMessage + 1));
        assertThat(packer.messages()).isEqualTo(2);
        assertThat(packer.size()).isEqualTo(2 * (23 + 20) + 4 * (perMessage + 1));
    }

    @Test
    void routes_whose_attributes_leave_no_room_are_reported_and_not_announced() {
        List<Community> communities = new ArrayList<>();
        for (int i = 0; i < 1012; i++) {
            communities.add(new Community(i));
        }
        PathAttributes large = PLAIN.toBuilder().communities(communities).build(); // 23 + 20 + 4052 = 4095 octets
        PackedPrefixes prefixes =
                PackedPrefixes.of(AddressFamily.IPV4_UNICAST, List.of(Prefix.of("10.0.0.0/8"), Prefix.of("0.0.0.0/0")));
        UpdatePacker packer = new UpdatePacker(Wires.EXTERNAL);
        packer.announce(large, prefixes);

        assertThat(packer.messages()).isEqualTo(1);
        assertThat(packer.size()).isEqualTo(4096);
        assertThat(packer.oversized()).hasToString("[[10.0.0.0/8]]");
        packer.take();
        assertThat(packer.oversized()).isEmpty();
        assertThat(packer.take()).isEmpty();
    }

    @Test
    void attribute_longer_than_its_length_field_can_say_is_oversized() {
        PathAttributes huge = PLAIN.toBuilder()
                .unrecognized(List.of(new RawAttribute(0xC0, 250, new byte[70_000])))
                .build();
        UpdatePacker packer = new UpdatePacker(Wires.EXTERNAL);
        packer.announce(huge, slash24s(3));
        assertThat(packer.messages()).isZero();
        assertThat(packer.oversized()).containsExactly(slash24s(3));
    }

    @Test
    void two_octet_peer_gets_as_trans_and_the_rest_in_as4_path() {
        UpdatePacker packer = new UpdatePacker(Wires.TWO_OCTET);
        packer.announce(PLAIN.toBuilder().asPath(65000, 70000).build(), slash24s(1));
        assertThat(Wires.hex(packer.take()))
                .endsWith("40010100" + "4002060202fde85ba0" + "400304c0000201" + "c0110a02020000fde800011170"
                        + "180a0000");
        packer.announce(PLAIN, slash24s(1));
        assertThat(Wires.hex(packer.take())).doesNotContain("c011");
    }

    @Test
    void unrecognized_transitive_attribute_is_sent_with_partial_in_its_place() {
        PathAttributes attributes = PLAIN.toBuilder()
                .communities(List.of(Community.NO_EXPORT))
                .unrecognized(List.of(
                        new RawAttribute(0xC0, 253, new byte[] {1}), new RawAttribute(0xC0, 11, new byte[] {2})))
                .build();
        UpdatePacker packer = new UpdatePacker(Wires.EXTERNAL);
        packer.announce(attributes, slash24s(1));
        assertThat(Wires.hex(packer.take())).endsWith("c00804ffffff01" + "e00b0102" + "e0fd0101" + "180a0000");
    }

    @Test
    void routes_without_a_usable_next_hop_are_the_callers_mistake() {
        UpdatePacker packer = new UpdatePacker(Wires.EXTERNAL);
        PathAttributes ipv6 =
                PLAIN.toBuilder().nextHop(IpAddresses.parse("2001:db8::1")).build();
        assertThatThrownBy(() -> packer.announce(ipv6, slash24s(1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> packer.announce(PLAIN.toBuilder().withoutNextHop().build(), slash24s(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
