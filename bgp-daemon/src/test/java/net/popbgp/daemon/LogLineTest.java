package net.popbgp.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogLineTest {

    @Test
    void pairs_stand_in_order_and_empty_values_are_left_out() {
        assertThat(LogLine.of("peer", "a", "event", "state", "reason", "")).isEqualTo("peer=a event=state");
    }

    @Test
    void a_text_from_the_network_cannot_start_a_line_or_end_its_quotes() {
        assertThat(LogLine.of("text", "a\nb \"c\"")).isEqualTo("text=\"a?b \\\"c\\\"\"");
    }
}
