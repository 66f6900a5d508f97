package net.popbgp.daemon.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import net.popbgp.core.net.IpAddresses;
import org.junit.jupiter.api.Test;

/** What a test says of which replies (3.4, A15). */
class ConnectivityTestTest {

    private static final InetAddress POP = IpAddresses.parse("169.254.10.1");
    private static final InetAddress CLOUD = IpAddresses.parse("169.254.10.2");

    private static ConnectivityTest.Result run(EchoResult... results) {
        Deque<EchoResult> all = new ArrayDeque<>(List.of(results));
        return new ConnectivityTest(results.length, Duration.ZERO, Duration.ofSeconds(1))
                .run((source, target, timeout) -> all.remove(), POP, CLOUD, InstantSource.fixed(Instant.EPOCH));
    }

    private static EchoResult reply(long millis) {
        return EchoResult.reply(Duration.ofMillis(millis));
    }

    @Test
    void one_reply_is_success_with_loss_and_times() {
        ConnectivityTest.Result result = run(reply(4), EchoResult.silence(), reply(2), EchoResult.silence(), reply(9));

        assertThat(result.verdict()).isEqualTo(ConnectivityTest.Verdict.SUCCESS);
        assertThat(result.message()).isEqualTo("3 of 5 probes were answered by 169.254.10.2 from 169.254.10.1");
        assertThat(result.lossPercent()).isEqualTo(40);
        assertThat(result.minimum()).contains(Duration.ofMillis(2));
        assertThat(result.average()).contains(Duration.ofMillis(5));
        assertThat(result.maximum()).contains(Duration.ofMillis(9));
    }

    @Test
    void no_reply_is_failed_never_error() {
        ConnectivityTest.Result result = run(EchoResult.silence(), EchoResult.silence());

        assertThat(result.verdict()).isEqualTo(ConnectivityTest.Verdict.FAILED);
        assertThat(result.lossPercent()).isEqualTo(100);
    }

    @Test
    void a_test_that_could_not_be_done_is_an_error_with_the_reason() {
        ConnectivityTest.Result unsent = run(EchoResult.unsent("ping: bind: Cannot assign requested address"));
        assertThat(unsent.verdict()).isEqualTo(ConnectivityTest.Verdict.ERROR);
        assertThat(unsent.message()).endsWith("was not done: ping: bind: Cannot assign requested address");

        ConnectivityTest.Result impossible = run(EchoResult.impossible("ping is not installed"), reply(1));
        assertThat(impossible.verdict()).isEqualTo(ConnectivityTest.Verdict.ERROR);
        assertThat(impossible.sent()).isZero();
    }

    @Test
    void a_test_has_limits() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new ConnectivityTest(0, second, second)).hasMessageContaining("1..20");
        assertThatThrownBy(() -> new ConnectivityTest(21, second, second)).hasMessageContaining("1..20");
        assertThatThrownBy(() -> new ConnectivityTest(5, second, Duration.ZERO)).hasMessageContaining("10 ms");
        assertThatThrownBy(() -> new ConnectivityTest(10, Duration.ofSeconds(4), second))
                .hasMessageContaining("more than 30 s");
    }
}
