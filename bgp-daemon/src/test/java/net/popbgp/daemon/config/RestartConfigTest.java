package net.popbgp.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartConfigTest {

    private static DaemonConfig parse(String section) throws ConfigException {
        return ConfigReader.parse(
                "local-as: 65001\nrouter-id: 192.0.2.1\n" + section, Path.of("/etc/popbgp"), name -> null);
    }

    @Test
    void without_the_section_the_daemon_does_not_know_of_its_restarts() throws ConfigException {
        assertThat(parse("").restart()).isEqualTo(RestartConfig.DEFAULT);
        assertThat(RestartConfig.DEFAULT.stateFile()).isEmpty();
    }

    @Test
    void the_section_is_read_and_a_relative_path_starts_from_the_configuration() throws ConfigException {
        assertThat(parse("graceful-restart: {state-file: run/state, selection-deferral: 30s, on-stop: restart}")
                        .restart())
                .isEqualTo(new RestartConfig(
                        Optional.of(Path.of("/etc/popbgp/run/state")),
                        Duration.ofSeconds(30),
                        RestartConfig.OnStop.RESTART));
        assertThat(parse("graceful-restart: {state-file: /var/lib/popbgp/state}")
                        .restart())
                .isEqualTo(new RestartConfig(
                        Optional.of(Path.of("/var/lib/popbgp/state")),
                        Duration.ofMinutes(2),
                        RestartConfig.OnStop.SHUTDOWN));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "{on-stop: restart}                         | 'state-file' is missing",
                "{state-file: ''}                           | not the name of a file",
                "{state-file: .}                            | not the name of a file",
                "{state-file: /}                            | not the name of a file",
                "{state-file: a, selection-deferral: 0}     | more than zero",
                "{state-file: a, on-stop: reboot}           | reboot",
                "{state-file: a, restart-time: 60s}         | unknown key",
            })
    void what_cannot_work_is_refused(String section, String message) {
        ConfigException refused =
                catchThrowableOfType(ConfigException.class, () -> parse("graceful-restart: " + section));
        assertThat(refused.problems()).anyMatch(problem -> problem.toString().contains(message));
    }

    @Test
    void a_section_that_changes_nothing_is_warned_about() throws ConfigException {
        assertThat(parse("graceful-restart: {state-file: a}").warnings())
                .anyMatch(problem -> problem.toString().contains("no peer has 'graceful-restart'"));
        assertThat(parse("graceful-restart: {state-file: a}\npeers: [{name: b, address: 192.0.2.2, remote-as: 65001,"
                                + " graceful-restart: {}}]")
                        .warnings())
                .noneMatch(problem -> problem.toString().contains("no peer has 'graceful-restart'"));
    }

    @Test
    void only_another_state_file_needs_a_restart() throws ConfigException {
        DaemonConfig before = parse("graceful-restart: {state-file: a}");
        assertThat(ConfigDiff.between(before, parse("graceful-restart: {state-file: b}"))
                        .needsRestart())
                .anyMatch(problem -> problem.toString().contains("graceful-restart.state-file"));
        assertThat(ConfigDiff.between(
                                before,
                                parse("graceful-restart: {state-file: a, on-stop: restart, selection-deferral: 1s}"))
                        .needsRestart())
                .isEmpty();
    }
}
