package net.popbgp.core.fsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.popbgp.core.message.Capability;
import net.popbgp.core.net.AddressFamily;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The R bit and the F bits of both capabilities (RFC 4724, 3; RFC 9494, 3.1). */
class RestartStateTest {

    private static final AddressFamily IPV4 = AddressFamily.IPV4_UNICAST;

    @ParameterizedTest
    @CsvSource({
        "STARTED, false, --",
        "STARTED, true, -F",
        "STARTED_ANEW, true, --",
        "RESTARTED, false, R-",
        "RESTARTED, true, RF",
        "REBOOTED, true, R-",
        "KEPT, false, -F"
    })
    void the_open_says_what_has_survived(RestartState state, boolean configured, String bits) {
        Capability.GracefulRestart offered = (Capability.GracefulRestart) state.apply(new Capability.GracefulRestart(
                false, true, 30, List.of(new Capability.GracefulRestart.Family(IPV4, configured))));
        Capability.LongLivedGracefulRestart longLived =
                (Capability.LongLivedGracefulRestart) state.apply(new Capability.LongLivedGracefulRestart(
                        List.of(new Capability.LongLivedGracefulRestart.Family(IPV4, configured, 60))));

        boolean preserved = offered.families().get(0).forwardingPreserved();
        assertThat((offered.restarted() ? "R" : "-") + (preserved ? "F" : "-")).isEqualTo(bits);
        assertThat(longLived.families().get(0).forwardingPreserved()).isEqualTo(preserved);
    }
}
