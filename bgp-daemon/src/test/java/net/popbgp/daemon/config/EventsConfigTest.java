package net.popbgp.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import net.popbgp.daemon.event.EventsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventsConfigTest {

    private static DaemonConfig parse(String text) throws ConfigException {
        return ConfigReader.parse(
                "local-as: 65000\nrouter-id: 10.0.0.1\n" + text, Path.of("/etc/popbgp"), name -> null);
    }

    @Test
    void without_the_section_events_are_kept_in_memory() throws ConfigException {
        assertThat(parse("").events()).isEqualTo(EventsConfig.DEFAULT);
        assertThat(EventsConfig.DEFAULT.file()).isEmpty();
    }

    @Test
    void the_file_is_seen_from_the_configurations_directory() throws ConfigException {
        assertThat(parse("events: {file: events.db, keep: 30d, max-size: 500MiB}")
                        .events())
                .isEqualTo(new EventsConfig(
                        Optional.of(Path.of("/etc/popbgp/events.db")), Duration.ofDays(30), 500L << 20));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "{file: ''}                    | not the name of a file",
                "{file: a, keep: 0}            | more than zero",
                "{file: a, keep: 4000d}        | at most 3650d",
                "{file: a, max-size: 1GB}      | not a size with a unit",
                "{file: a, max-size: 15MiB}    | at least 16MiB",
                "{file: a, retention: 1d}      | unknown key",
            })
    void what_cannot_work_is_refused(String section, String message) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> parse("events: " + section));
        assertThat(refused.problems()).anyMatch(problem -> problem.toString().contains(message));
    }

    @Test
    void a_size_without_a_file_is_warned_about() throws ConfigException {
        assertThat(parse("events: {max-size: 1GiB}").warnings())
                .anyMatch(problem -> problem.toString().contains("counts for a 'file' only"));
    }

    @Test
    void only_another_file_needs_a_restart() throws ConfigException {
        DaemonConfig before = parse("events: {file: a}");
        assertThat(ConfigDiff.between(before, parse("events: {file: b}")).needsRestart())
                .anyMatch(problem -> problem.toString().contains("events.file"));
        assertThat(ConfigDiff.between(before, parse("events: {file: a, keep: 1d, max-size: 2GiB}"))
                        .needsRestart())
                .isEmpty();
    }
}
