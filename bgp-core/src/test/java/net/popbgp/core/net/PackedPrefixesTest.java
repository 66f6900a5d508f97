package net.popbgp.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackedPrefixesTest {

    private static final AddressFamily IPV4 = AddressFamily.IPV4_UNICAST;
    private static final AddressFamily IPV6 = AddressFamily.IPV6_UNICAST;

    @Test
    void what_was_built_keeps_its_prefixes_when_the_builder_goes_on() {
        for (int expected = 0; expected < 20; expected++) {
            PackedPrefixes.Builder builder = PackedPrefixes.builder(IPV4, expected);
            List<PackedPrefixes> built = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                built.add(builder.build());
                builder.add(0, (long) i << 24, 8);
            }

            for (int i = 0; i < 20; i++) {
                assertThat(built.get(i)).isEqualTo(addresses(i));
            }
        }
    }

    private static PackedPrefixes addresses(int count) {
        List<Prefix> prefixes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            prefixes.add(new Prefix(IPV4, 0, (long) i << 24, 8));
        }
        return PackedPrefixes.of(IPV4, prefixes);
    }

    @Test
    void path_identifiers_of_what_was_built_stay_too() {
        PackedPrefixes.Builder builder = PackedPrefixes.builder(IPV6, 2);
        builder.add(0x2001L << 48, 0, 16);
        builder.add(0x2002L << 48, 0, 16, 7);
        PackedPrefixes first = builder.build();

        builder.add(0x2003L << 48, 1, 128, 8);
        PackedPrefixes second = builder.build();

        assertThat(first.asList()).containsExactly(Prefix.of("2001::/16"), Prefix.of("2002::/16"));
        assertThat(first.pathId(0)).isZero();
        assertThat(first.pathId(1)).isEqualTo(7);
        assertThat(second.asList())
                .containsExactly(Prefix.of("2001::/16"), Prefix.of("2002::/16"), Prefix.of("2003::1/128"));
        assertThat(second.pathId(2)).isEqualTo(8);
    }

    @Test
    void full_builder_without_path_identifiers_can_still_get_one() {
        PackedPrefixes.Builder builder = PackedPrefixes.builder(IPV4, 1).add(0, 10L << 24, 8);
        PackedPrefixes first = builder.build();

        PackedPrefixes second = builder.add(0, 11L << 24, 8, 3).build();

        assertThat(first.hasPathIds()).isFalse();
        assertThat(second.pathId(0)).isZero();
        assertThat(second.pathId(1)).isEqualTo(3);
    }
}
