package net.popbgp.daemon.restart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.RouterId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateFileTest {

    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05.678Z");

    @TempDir
    Path directory;

    private static RunState state(int peers) {
        return new RunState(
                "boot",
                Asn.of(4_200_000_000L),
                RouterId.of("192.0.2.1"),
                IntStream.range(0, peers)
                        .mapToObj(i -> new RunState.Peer(
                                "peer-" + i,
                                IpAddresses.parse("2001:db8::" + Integer.toHexString(i + 1)),
                                Duration.ofSeconds(90),
                                i % 2 == 0 ? Optional.empty() : Optional.of(THEN)))
                        .toList());
    }

    private Path path() {
        return directory.resolve("state");
    }

    private StateFile file() {
        return new StateFile(path());
    }

    @Test
    void what_is_written_is_read_with_sessions_lost_when_the_run_was_last_alive() throws IOException {
        file().write(state(3));
        Instant alive = Instant.parse("2026-01-02T04:00:00Z");
        file().touch(alive);

        RunState read = file().read().orElseThrow();
        assertThat(read).isEqualTo(state(3).ended(alive));
        assertThat(read.peers()).extracting(peer -> peer.lostAt().orElseThrow()).containsExactly(alive, THEN, alive);
    }

    @Test
    void without_a_file_there_is_nothing() throws IOException {
        assertThat(file().read()).isEmpty();
        file().delete();
        file().write(state(1));
        file().delete();
        assertThat(file().read()).isEmpty();
    }

    @Test
    void every_file_cut_short_is_refused() throws IOException {
        file().write(state(2));
        byte[] whole = Files.readAllBytes(path());
        for (int length = 0; length < whole.length; length++) {
            Files.write(path(), java.util.Arrays.copyOf(whole, length));
            assertThatIOException().as("%d octets", length).isThrownBy(() -> file().read());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "\"version\" : 1            | \"version\" : 2              | version 2",
                "popbgp-restart-state       | something-else               | not a file of this daemon",
                "\"keeps-seconds\" : 90     | \"keeps-seconds\" : 16781311 | time out of range",
                "\"keeps-seconds\" : 90     | \"keeps-seconds\" : -1       | time out of range",
                "\"keeps-seconds\" : 90     | \"keeps-seconds\" : \"x\"    | keeps-seconds",
                "\"local-as\" : 4200000000  | \"local-as\" : 4294967296    | damaged",
                "192.0.2.1                  | 192.0.2.256                  | damaged",
                "2001:db8::1               | host.example                 | damaged",
                "2026-01-02T03:04:05.678Z   | yesterday                    | damaged",
                "\"name\"                   | \"nom\"                      | 'name' is missing",
                "\"peers\" : [              | \"peers\" : 7, \"x\" : [     | 'peers' is missing",
            })
    void what_is_not_as_it_should_be_is_refused_with_the_reason(String from, String to, String reason)
            throws IOException {
        file().write(state(2));
        String text = Files.readString(path());
        assertThat(text).contains(from);
        Files.writeString(path(), text.replace(from, to));

        assertThatIOException().isThrownBy(() -> file().read()).withMessageContaining(reason);
    }

    @Test
    void a_file_that_is_too_long_or_no_file_is_refused() throws IOException {
        Files.write(path(), new byte[StateFile.MAX_SIZE + 1]);
        assertThatIOException().isThrownBy(() -> file().read()).withMessageContaining("longer than");

        Files.delete(path());
        Files.createDirectory(path());
        assertThatIOException().isThrownBy(() -> file().read());
        assertThatIOException().isThrownBy(() -> file().write(state(1)));
    }

    @Test
    void what_cannot_be_written_leaves_the_old_file_as_it_was() throws IOException {
        file().write(state(2));
        FileTime written = Files.getLastModifiedTime(path());
        Files.createDirectory(directory.resolve("state.new")); // in the way of the next one

        assertThatIOException().isThrownBy(() -> file().write(state(3)));
        assertThat(file().read().orElseThrow().peers()).hasSize(2);
        assertThat(Files.getLastModifiedTime(path())).isEqualTo(written);
        assertThatIOException().isThrownBy(() -> new StateFile(path().resolve("below-a-file")).write(state(1)));
    }

    @Test
    void what_an_interrupted_write_has_left_is_overwritten() throws IOException {
        Files.writeString(directory.resolve("state.new"), "x".repeat(10_000));
        file().write(state(1));
        assertThat(file().read().orElseThrow().peers()).hasSize(1);
        assertThat(directory.toFile().list()).containsExactly("state");
    }

    @Test
    void a_reader_sees_the_old_file_or_the_new_one() throws Exception {
        file().write(state(1));
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < 50; i++) {
                    file().write(state(i % 2 == 0 ? 500 : 1));
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        while (!writing.isDone()) {
            assertThat(List.of(1, 500))
                    .contains(file().read().orElseThrow().peers().size());
        }
        writing.get();
    }
}
