package net.popbgp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class Md5DiagnosisTest {

    private static final Md5Diagnosis.Snapshot NOTHING = snapshot(0, 0, 0);
    private static final Md5Diagnosis.Snapshot FOUR_OF_LOW_TTL = new Md5Diagnosis.Snapshot(0, 0, 0, 4, true);

    private static Md5Diagnosis.Snapshot snapshot(long notFound, long unexpected, long failure) {
        return new Md5Diagnosis.Snapshot(notFound, unexpected, failure, 0, true);
    }

    @Test
    void counters_are_found_by_name() {
        assertThat(Md5Diagnosis.parse(List.of(
                        "TcpExt: SyncookiesSent TCPMD5NotFound TCPMD5Unexpected TCPMD5Failure Other",
                        "TcpExt: 9 1 2 3 8",
                        "IpExt: InNoRoutes",
                        "IpExt: 0")))
                .isEqualTo(snapshot(1, 2, 3));
    }

    @Test
    void kernel_without_the_counters_is_unknown() {
        assertThat(Md5Diagnosis.parse(List.of("TcpExt: A", "TcpExt: 1")).known())
                .isFalse();
        assertThat(Md5Diagnosis.parse(List.of()).known()).isFalse();
    }

    @Test
    void increase_is_told_by_cause() {
        assertThat(Md5Diagnosis.describe(snapshot(1, 1, 1), snapshot(1, 1, 4), true, false))
                .contains("3 with a wrong MD5 key")
                .doesNotContain("without");
        assertThat(Md5Diagnosis.describe(snapshot(0, 0, 0), snapshot(2, 0, 0), true, false))
                .contains("2 without the MD5 key");
        assertThat(Md5Diagnosis.describe(snapshot(0, 1, 0), snapshot(0, 3, 0), false, false))
                .contains("2 with an MD5 key that is not expected");
        assertThat(Md5Diagnosis.describe(NOTHING, FOUR_OF_LOW_TTL, false, true))
                .contains("4 with a TTL too low for GTSM");
    }

    @Test
    void what_only_other_peers_protection_can_have_dropped_is_left_out() {
        assertThat(Md5Diagnosis.describe(snapshot(1, 1, 1), snapshot(5, 1, 5), false, false))
                .as("a peer without a key, while others' keys reject")
                .isEmpty();
        assertThat(Md5Diagnosis.describe(NOTHING, FOUR_OF_LOW_TTL, false, false))
                .as("a peer without GTSM, while others' rejects")
                .isEmpty();
        assertThat(Md5Diagnosis.describe(NOTHING, FOUR_OF_LOW_TTL, true, false))
                .as("a peer with a key and without GTSM, while others' GTSM rejects")
                .isEqualTo("nothing answers (the peer may be down, or reject our MD5 key in silence)");
        assertThat(Md5Diagnosis.describe(snapshot(0, 0, 0), snapshot(0, 7, 0), true, false))
                .as("a peer with a key, while one without gets signed segments")
                .startsWith("nothing answers");
    }
}
