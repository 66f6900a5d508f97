package net.popbgp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.popbgp.core.net.IpAddresses;
import org.junit.jupiter.api.Test;

class AcceptRateTest {

    private static final InetAddress ONE = IpAddresses.parse("192.0.2.1");
    private static final InetAddress OTHER = IpAddresses.parse("192.0.2.2");
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final AcceptRate rate = new AcceptRate(20);

    private long taken(InetAddress from, long nanos) {
        return IntStream.range(0, 100).filter(i -> rate.takes(from, nanos)).count();
    }

    @Test
    void so_many_are_taken_of_each_address_and_again_in_the_next_second() {
        assertThat(taken(ONE, 5 * SECOND)).isEqualTo(20);
        assertThat(taken(OTHER, 5 * SECOND + 1)).isEqualTo(20);
        assertThat(taken(ONE, 6 * SECOND - 1)).isZero();
        assertThat(taken(ONE, 6 * SECOND)).isEqualTo(20);
    }

    @Test
    void the_clock_may_start_anywhere() {
        assertThat(taken(ONE, -SECOND / 2)).isEqualTo(20);
        assertThat(taken(ONE, 0)).isEqualTo(20);
    }
}
