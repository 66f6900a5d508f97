package net.popbgp.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReferencesTest {

    private static final String HEAD = "local-as: 65001\nrouter-id: 192.0.2.1\n";

    private static DaemonConfig parse(String more) throws ConfigException {
        return ConfigReader.parse(HEAD + more, Path.of("/nowhere"), name -> null);
    }

    @Test
    void references_that_stand_for_more_than_the_limit_are_refused() {
        StringBuilder text = new StringBuilder("x-0: &v0 [1, 2]\n");
        for (int i = 1; i <= 20; i++) {
            text.append("x-" + i + ": &v" + i + " [*v" + (i - 1) + ", *v" + (i - 1) + "]\n");
        }

        assertThatThrownBy(() -> parse(text.toString()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("more than " + ConfigReader.MAX_VALUES);
    }

    @Test
    void a_value_that_refers_to_what_it_is_part_of_is_refused() {
        assertThatThrownBy(() -> parse("x-loop: &loop [1, *loop]\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("part of");
    }

    @Test
    void values_are_counted_as_often_as_they_are_referred_to() throws ConfigException {
        assertThat(parse("x-a: &a {b: 1}\nx-c: [*a, *a]\n").document().path("x-c"))
                .hasSize(2);
    }
}
