package net.popbgp.daemon.restart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.fsm.FsmConfig;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.fsm.OpenNegotiation;
import net.popbgp.core.fsm.OpenRequirements;
import net.popbgp.core.message.Capability;
import net.popbgp.core.message.OpenMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.RouterId;
import net.popbgp.daemon.config.ConfigException;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.config.DaemonConfig;
import net.popbgp.speaker.BgpSpeaker;
import net.popbgp.speaker.SpeakerRestart;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recorder with the disk; with sessions it is tested over restarts of the whole daemon. */
class StateRecorderTest {

    @TempDir
    Path directory;

    private DaemonConfig config;
    private BgpSpeaker speaker;

    @BeforeEach
    void make() throws ConfigException {
        config = ConfigReader.parse("""
                local-as: 65000
                router-id: 10.0.0.1
                graceful-restart: {state-file: state, selection-deferral: 42s}
                peers:
                  - {name: a, address: 127.0.67.1, remote-as: 65001, graceful-restart: {}}
                """, directory, name -> null);
        speaker = BgpSpeaker.create(config.speaker());
    }

    @AfterEach
    void close() {
        speaker.close();
    }

    private StateRecorder recorder(String bootId) {
        return new StateRecorder(config.restart().stateFile().orElseThrow(), config, bootId);
    }

    private StateFile file() {
        return new StateFile(config.restart().stateFile().orElseThrow());
    }

    private void left(long routerId, Optional<Instant> lostAt) throws IOException {
        file().write(new RunState(
                "boot",
                Asn.of(65000),
                new RouterId((int) routerId),
                List.of(new RunState.Peer("a", IpAddresses.parse("127.0.67.1"), Duration.ofSeconds(90), lostAt))));
    }

    private static final long ID = 10L << 24 | 1;

    @Test
    void a_peer_that_was_up_a_moment_ago_waits() throws IOException {
        left(ID, Optional.empty());
        SpeakerRestart restart = recorder("boot").prepare(speaker);
        assertThat(restart.peers()).containsOnlyKeys("a");
        assertThat(restart.forwardingPreserved()).isTrue();
        assertThat(restart.selectionDeferralTime()).isEqualTo(Duration.ofSeconds(42));
        assertThat(recorder("another").prepare(speaker).forwardingPreserved()).isFalse();
    }

    @Test
    void the_file_of_another_speaker_or_a_damaged_one_says_nothing() throws IOException {
        left(ID + 1, Optional.empty());
        assertThat(recorder("boot").prepare(speaker).peers()).isEmpty();
        Files.writeString(directory.resolve("state"), "damaged");
        assertThat(recorder("boot").prepare(speaker).peers()).isEmpty();
    }

    @Test
    void a_second_crash_before_the_peer_is_back_does_not_count_anew() throws IOException {
        Instant lost = Instant.now().minusSeconds(30);
        left(ID, Optional.of(lost));
        StateRecorder recorder = recorder("boot");
        assertThat(recorder.prepare(speaker).peers()).containsOnlyKeys("a");
        recorder.begin();
        await().until(() -> Files.getLastModifiedTime(directory.resolve("state"))
                .toInstant()
                .isAfter(lost.plusSeconds(20)));
        recorder.end(StateRecorder.Ending.FAILURE);
        assertThat(file().read().orElseThrow().peers().get(0).lostAt()).contains(lost);
    }

    @Test
    void a_shutdown_removes_the_file_and_a_restart_says_when_it_was() throws IOException {
        left(ID, Optional.empty());
        Files.setLastModifiedTime(
                directory.resolve("state"), FileTime.from(Instant.now().minusSeconds(10)));
        StateRecorder first = recorder("boot");
        first.prepare(speaker);
        first.begin();
        first.end(StateRecorder.Ending.RESTART);
        assertThat(file().read().orElseThrow().peers()).hasSize(1);

        StateRecorder second = recorder("boot");
        assertThat(second.prepare(speaker).peers()).containsOnlyKeys("a");
        second.begin();
        second.end(StateRecorder.Ending.SHUTDOWN);
        assertThat(directory.toFile().list()).isEmpty();
        second.onStateChange("a", FsmState.ESTABLISHED, FsmState.IDLE, DownReason.NONE);
        second.end(StateRecorder.Ending.RESTART);
        assertThat(directory.toFile().list()).as("ended is ended").isEmpty();
    }

    @Test
    void a_run_that_never_began_leaves_the_file_alone() throws IOException {
        left(ID, Optional.empty());
        byte[] before = Files.readAllBytes(directory.resolve("state"));
        StateRecorder recorder = recorder("boot");
        recorder.prepare(speaker);
        recorder.end(StateRecorder.Ending.SHUTDOWN);
        assertThat(Files.readAllBytes(directory.resolve("state"))).isEqualTo(before);
    }

    private static Optional<Duration> keeps(List<Capability> ours, List<Capability> theirs) throws Exception {
        Asn as = Asn.of(65000);
        FsmConfig fsm = new FsmConfig(
                as,
                Optional.of(as),
                new RouterId(1),
                90,
                0,
                0,
                false,
                Duration.ofSeconds(10),
                Duration.ZERO,
                Duration.ofMinutes(4),
                Duration.ofSeconds(1),
                Duration.ofMinutes(2),
                Duration.ofMinutes(1),
                Duration.ofMinutes(8),
                ours,
                OpenRequirements.NONE);
        return StateRecorder.keeps(OpenNegotiation.negotiate(
                fsm,
                new OpenMessage(65000, 90, new RouterId(1), ours),
                new OpenMessage(65000, 90, new RouterId(2), theirs)));
    }

    @Test
    void a_peer_keeps_our_routes_for_what_we_have_told_it_if_it_has_offered_the_same() throws Exception {
        Capability restart = new Capability.GracefulRestart(false, true, 90, List.of());
        Capability theirs = new Capability.GracefulRestart(false, true, 7, List.of());
        Capability longLived = new Capability.LongLivedGracefulRestart(List.of(
                new Capability.LongLivedGracefulRestart.Family(AddressFamily.IPV4_UNICAST, false, 3600),
                new Capability.LongLivedGracefulRestart.Family(AddressFamily.IPV6_UNICAST, false, 60)));
        Capability none = new Capability.LongLivedGracefulRestart(List.of());

        assertThat(keeps(List.of(restart), List.of(theirs))).contains(Duration.ofSeconds(90));
        assertThat(keeps(List.of(restart, longLived), List.of(theirs))).contains(Duration.ofSeconds(90));
        assertThat(keeps(List.of(restart, longLived), List.of(theirs, none))).contains(Duration.ofSeconds(3690));
        assertThat(keeps(List.of(restart, longLived), List.of(none))).isEmpty();
        assertThat(keeps(List.of(), List.of(theirs))).isEmpty();
    }

    @Test
    void what_cannot_be_written_is_written_with_the_next_change() throws IOException {
        Path inTheWay = Files.createDirectory(directory.resolve("state.new"));
        StateRecorder recorder = recorder("boot");
        recorder.prepare(speaker);
        recorder.begin();
        recorder.onStateChange("a", FsmState.OPEN_CONFIRM, FsmState.ESTABLISHED, DownReason.NONE);
        Files.delete(inTheWay);
        recorder.onStateChange("a", FsmState.ESTABLISHED, FsmState.IDLE, DownReason.NONE);
        await().until(() -> file().read().isPresent());
        recorder.end(StateRecorder.Ending.RESTART);
        assertThat(Set.of(directory.toFile().list())).containsExactly("state");
    }
}
