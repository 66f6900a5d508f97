package net.popbgp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class Md5DiagnosisTest {

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
        assertThat(Md5Diagnosis.describe(snapshot(1, 1, 1), snapshot(1, 1, 4)))
                .contains("3 with a wrong MD5 key")
                .doesNotContain("without");
        assertThat(Md5Diagnosis.describe(snapshot(0, 0, 0), snapshot(0, 0, 0))).contains("nothing answers");
    }

    @Test
    void a_peer_without_a_key_is_told_of_segments_with_one_and_of_a_low_ttl() {
        assertThat(Md5Diagnosis.describeWithoutKey(snapshot(0, 1, 0), snapshot(0, 3, 0)))
                .startsWith("2 segments with an MD5 key were dropped");
        assertThat(Md5Diagnosis.describeWithoutKey(snapshot(0, 0, 0), new Md5Diagnosis.Snapshot(0, 0, 0, 4, true)))
                .startsWith("4 segments with a TTL too low for GTSM");
        assertThat(Md5Diagnosis.describeWithoutKey(snapshot(1, 1, 1), snapshot(5, 1, 5)))
                .as("what other peers' keys reject")
                .isEmpty();
    }
}
