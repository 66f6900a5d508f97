package net.popbgp.daemon.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import net.popbgp.core.net.IpAddresses;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real ping program on loopback, and programs that are none. */
class PingProgramIT {

    private static final Duration TIMEOUT = Duration.ofMillis(500);

    @TempDir
    Path directory;

    private static PingProgram ping() {
        PingProgram ping = new PingProgram();
        if (!ping.hindrance().isEmpty()) {
            System.out.println("skipped: " + ping.hindrance());
        }
        assumeTrue(ping.hindrance().isEmpty(), ping.hindrance());
        return ping;
    }

    private PingProgram script(String text) throws IOException {
        Path file = directory.resolve("ping");
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new PingProgram(List.of(directory));
    }

    private static EchoResult probe(PingProgram ping, String source, String target) {
        return ping.probe(IpAddresses.parse(source), IpAddresses.parse(target), TIMEOUT);
    }

    @Test
    void an_address_of_this_machine_answers() {
        EchoResult result = probe(ping(), "127.0.0.5", "127.0.0.6");

        assertThat(result.kind()).isEqualTo(EchoResult.Kind.REPLY);
        assertThat(result.roundTrip())
                .hasValueSatisfying(time -> assertThat(time).isBetween(Duration.ofNanos(1000), TIMEOUT));
        assertThat(probe(ping(), "::1", "::1").kind()).isEqualTo(EchoResult.Kind.REPLY);
    }

    @Test
    void an_address_that_is_not_ours_cannot_be_the_source() {
        EchoResult result = probe(ping(), "192.0.2.77", "127.0.0.6");

        assertThat(result.kind()).isEqualTo(EchoResult.Kind.UNSENT);
        assertThat(result.detail()).contains("Cannot assign requested address");
    }

    @Test
    void without_a_ping_program_of_iputils_the_reason_is_told() throws IOException {
        assertThat(probe(new PingProgram(List.of(directory)), "127.0.0.1", "127.0.0.1")
                        .detail())
                .contains("iputils is not installed");
        EchoResult other = probe(script("echo BusyBox v1.36"), "127.0.0.1", "127.0.0.1");
        assertThat(other.kind()).isEqualTo(EchoResult.Kind.IMPOSSIBLE);
        assertThat(other.detail()).contains("iputils is not installed");
    }

    @Test
    void silence_and_missing_rights_are_told_apart() throws IOException {
        PingProgram silent = script("[ $1 = -V ] && echo 'ping from iputils' && exit\n"
                + "echo '1 packets transmitted, 0 received, 100% packet loss, time 0ms'; exit 1");
        assertThat(probe(silent, "127.0.0.1", "127.0.0.1").kind()).isEqualTo(EchoResult.Kind.SILENCE);

        PingProgram forbidden = script("[ $1 = -V ] && echo 'ping from iputils' && exit\n"
                + "echo 'ping: socket: Operation not permitted' >&2; exit 2");
        EchoResult result = probe(forbidden, "127.0.0.1", "127.0.0.1");
        assertThat(result.kind()).isEqualTo(EchoResult.Kind.IMPOSSIBLE);
        assertThat(result.detail()).isEqualTo("ping: socket: Operation not permitted");
    }

    @Test
    void a_program_that_does_not_end_is_ended() throws IOException {
        PingProgram hangs = script("[ $1 = -V ] && echo 'ping from iputils' && exit\nexec sleep 60");

        EchoResult result = probe(hangs, "127.0.0.1", "127.0.0.1");

        assertThat(result.kind()).isEqualTo(EchoResult.Kind.IMPOSSIBLE);
        assertThat(result.detail()).isEqualTo("ping did not end in time");
    }
}
