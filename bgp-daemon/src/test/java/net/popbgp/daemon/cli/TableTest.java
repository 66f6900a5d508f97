package net.popbgp.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void words_stand_left_numbers_right_and_nothing_is_a_dash() {
        String text = new Table("NAME", "COUNT", "NOTE")
                .row("a", 5, "")
                .row("longer", 12345, "x")
                .render();

        assertThat(text.lines()).containsExactly("NAME    COUNT  NOTE", "a           5  -", "longer  12345  x");
    }

    @Test
    void control_characters_from_a_peer_do_not_reach_the_terminal() {
        assertThat(new Table("A").row("x\u001b[31m\n").render()).doesNotContain("\u001b");
    }

    @Test
    void a_row_has_a_value_for_every_column() {
        assertThatThrownBy(() -> new Table("A", "B").row("x")).isInstanceOf(IllegalArgumentException.class);
    }
}
