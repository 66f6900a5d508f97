package net.popbgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.RouterId;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Counts threads, so nothing else may start or end any meanwhile. */
@Isolated
class WarmUpIT {

    private static final SpeakerConfig CONFIG =
            SpeakerConfig.builder(Asn.of(65001), RouterId.of("10.0.0.1")).build();

    @Test
    void it_goes_over_all_routes_and_leaves_the_speaker_and_no_thread() throws Exception {
        Set<String> before = threads();
        WarmUp warmUp = new WarmUp(Duration.ofMinutes(2), () -> false, () -> 0, 20_000);

        assertThat(warmUp.start().get(2, TimeUnit.MINUTES)).isGreaterThanOrEqualTo(20_000);

        Awaitility.await().untilAsserted(() -> assertThat(before).containsAll(threads()));
    }

    @Test
    void it_ends_when_its_time_is_over() throws Exception {
        WarmUp warmUp = new WarmUp(Duration.ofMillis(1), () -> false, () -> 0, Integer.MAX_VALUE);

        assertThat(warmUp.start().get(1, TimeUnit.MINUTES)).isLessThan(WarmUp.ROUTES);
    }

    @Test
    void it_waits_while_the_speaker_works() throws Exception {
        long[] turns = {0};
        WarmUp warmUp = new WarmUp(Duration.ofMillis(500), () -> false, () -> ++turns[0], Integer.MAX_VALUE);

        assertThat(warmUp.start().get(1, TimeUnit.MINUTES)).isZero();
    }

    @Test
    void it_ends_with_the_speaker_which_takes_no_notice_of_it() throws Exception {
        Set<String> before = threads();
        CompletableFuture<Long> done;
        try (BgpSpeaker speaker = BgpSpeaker.create(CONFIG)) {
            speaker.start().toCompletableFuture().get(10, TimeUnit.SECONDS);
            done = speaker.warmUp(Duration.ofMinutes(10)).toCompletableFuture();
            Awaitility.await().until(() -> threads().contains("bgp-warm-up-reader")); // it is in the middle of it
            assertThat(speaker.peers()).isEmpty();
            assertThat(speaker.locRib().changes()).isZero();
        }

        assertThat(done).isDone();
        Awaitility.await().untilAsserted(() -> assertThat(before).containsAll(threads()));
    }

    @Test
    void a_rehearsal_brings_sessions_up_and_leaves_no_thread() {
        Set<String> before = threads();

        assertThat(BgpSpeaker.rehearse(Duration.ofMinutes(1))).isTrue();

        Awaitility.await().untilAsserted(() -> assertThat(before).containsAll(threads()));
    }

    @Test
    void a_rehearsal_ends_when_its_time_is_over() {
        assertThat(BgpSpeaker.rehearse(Duration.ZERO)).isFalse();
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("bgp-"))
                .collect(Collectors.toSet());
    }
}
