package net.popbgp.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogLineTest {

    @Test
    void pairs_stand_in_order_and_empty_values_are_left_out() {
        assertThat(LogLine.of("peer", "a", "event", "state", "reason", "")).isEqualTo("peer=a event=state");
    }

    @Test
    void marks_that_terminals_obey_are_shown_as_question_marks() {
        assertThat(LogLine.of("text", "a\u001b[31mb\u009b2Jc\u202ed\u2028e")).isEqualTo("text=a?[31mb?2Jc?d?e");
    }

    @Test
    void a_text_from_the_network_cannot_start_a_line_or_end_its_quotes() {
        assertThat(LogLine.of("text", "a\nb \"c\"")).isEqualTo("text=\"a?b \\\"c\\\"\"");
    }
}
