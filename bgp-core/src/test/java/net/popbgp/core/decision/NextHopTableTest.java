package net.popbgp.core.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NextHopTableTest {

    private static final NextHopTable TABLE = NextHopTable.EMPTY
            .with(Prefix.of("0.0.0.0/0"), NextHopTable.UNREACHABLE)
            .with(Prefix.of("10.0.0.0/8"), 20)
            .with(Prefix.of("10.1.0.0/16"), NextHopTable.UNREACHABLE)
            .with(Prefix.of("10.1.2.3/32"), 5)
            .with(Prefix.of("2001:db8::/32"), 7);

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, -1",
        "10.9.9.9, 20",
        "10.1.0.1, -1",
        "10.1.2.3, 5",
        "2001:db8::1, 7",
        "2001:db9::1, 0",
    })
    void the_most_specific_entry_counts_and_what_no_entry_holds_costs_nothing(String address, int cost) {
        assertThat(TABLE.cost(IpAddresses.parse(address))).isEqualTo(cost);
    }

    @Test
    void a_route_of_our_own_without_next_hop_costs_nothing() {
        assertThat(TABLE.cost(PathAttributes.builder().build())).isZero();
    }

    @Test
    void an_entry_is_replaced_and_taken_out() {
        Prefix prefix = Prefix.of("10.0.0.0/8");
        assertThat(TABLE.with(prefix, 3).cost(IpAddresses.parse("10.9.9.9"))).isEqualTo(3);
        assertThat(TABLE.without(prefix).cost(IpAddresses.parse("10.9.9.9"))).isEqualTo(NextHopTable.UNREACHABLE);
        assertThat(NextHopTable.EMPTY.with(prefix, 1).without(prefix)).isEqualTo(NextHopTable.EMPTY);
    }

    @Test
    void a_negative_cost_is_refused() {
        assertThatThrownBy(() -> TABLE.with(Prefix.of("10.0.0.0/8"), -2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-2");
    }
}
