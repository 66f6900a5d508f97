package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6793. E2 is an OLD speaker in these tests: it does not offer the capability. */
@Execution(ExecutionMode.CONCURRENT)
class FourOctetAsTest {

    private static final int AS_PATH = 2;
    private static final int AGGREGATOR = 7;
    private static final int AS4_PATH = 17;
    private static final int AS4_AGGREGATOR = 18;
    private static final long AS_TRANS = 23456;

    private static Site site() throws IOException, InterruptedException {
        return DaemonUnderTest.shared()
                .site()
                .peer(Who.E)
                .peer(Who.E2)
                .peer(Who.O)
                .start();
    }

    private static TesterPeer old(Site site) throws IOException, InterruptedException {
        return site.up(Who.E2, site.open(Who.E2).without(65));
    }

    /** What the OLD speaker sends: a path of two-octet numbers, its own in front. */
    private static Attributes oldAttributes(Site site, long... further) {
        long[] path = new long[further.length + 1];
        path[0] = Who.E2.as();
        System.arraycopy(further, 0, path, 1, further.length);
        return Attributes.none()
                .origin(0)
                .add(Attributes.WELL_KNOWN, AS_PATH, Attributes.segment(2, 2, path))
                .nextHop(site.address(Who.E2));
    }

    private static byte[] sequence(long... asNumbers) {
        return Attributes.segment(2, 4, asNumbers);
    }

    @Test
    @Row("AS4-01")
    void the_capability_carries_our_as() throws Exception {
        try (Site site = site()) {
            ReceivedOpen open = ReceivedOpen.of(site.connect(Who.E).expect(Messages.OPEN));
            assertThat(open.myAs()).isEqualTo(65000);
            assertThat(open.capability(65).orElseThrow().hex()).isEqualTo("0000fde8");
        }
    }

    @Test
    @Row("AS4-02")
    void a_large_as_of_ours_is_as_trans_in_the_fixed_field() throws Exception {
        try (DaemonUnderTest daemon = DaemonUnderTest.with("local-as: 4200000000\n");
                Site site = daemon.site().peer(Who.E).start()) {
            ReceivedOpen open = ReceivedOpen.of(site.connect(Who.E).expect(Messages.OPEN));
            assertThat(open.myAs()).isEqualTo((int) AS_TRANS);
            assertThat(open.capability(65).orElseThrow().hex()).isEqualTo("fa56ea00");
        }
    }

    @Test
    @Row("AS4-03")
    void between_new_speakers_numbers_have_four_octets_everywhere() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            byte[] aggregator =
                    Octets.empty().u32(4_200_000_002L).add("0a000105").toArray();
            site.up(Who.E)
                    .send(site.attributes(Who.E, 4_200_000_001L)
                            .add(Attributes.OPTIONAL_TRANSITIVE, AGGREGATOR, aggregator)
                            .announce(site.prefix(1)));
            Update update = o.expectRoute(site.prefix(1));
            assertThat(update.path(4)).isEqualTo("65000 65001 4200000001");
            assertThat(update.hex(AGGREGATOR)).isEqualTo(Octets.hex(aggregator));
            assertThat(update.attributes()).doesNotContainKeys(AS4_PATH, AS4_AGGREGATOR);
        }
    }

    @ParameterizedTest
    @CsvSource({"020100011170, 000111700a000105", "0201, 00"})
    @Row("AS4-04")
    void what_a_new_speaker_must_not_send_is_dropped(String as4Path, String as4Aggregator) throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            e.send(site.attributes(Who.E)
                    .add(Attributes.OPTIONAL_TRANSITIVE, AS4_PATH, Octets.hex(as4Path))
                    .add(Attributes.OPTIONAL_TRANSITIVE, AS4_AGGREGATOR, Octets.hex(as4Aggregator))
                    .announce(site.prefix(1)));
            Update update = o.expectRoute(site.prefix(1));
            assertThat(update.path(4)).isEqualTo("65000 65001");
            assertThat(update.attributes()).doesNotContainKeys(AS4_PATH, AS4_AGGREGATOR);
            site.proveUp(e, Who.E, o);
        }
    }

    @Test
    @Row("AS4-05")
    void an_old_speaker_gets_as_trans_and_the_path_beside() throws Exception {
        try (Site site = site()) {
            TesterPeer old = old(site);
            site.up(Who.E).send(site.attributes(Who.E, 70000).announce(site.prefix(1)));
            Update update = old.expectRoute(site.prefix(1));
            assertThat(update.path(2)).isEqualTo("65000 65001 23456");
            assertThat(update.hex(AS4_PATH)).isEqualTo(Octets.hex(sequence(65000, 65001, 70000)));
        }
    }

    @Test
    @Row("AS4-06")
    void an_old_speaker_gets_no_second_path_where_all_numbers_are_small() throws Exception {
        try (Site site = site()) {
            TesterPeer old = old(site);
            site.up(Who.E).send(site.attributes(Who.E, 65100).announce(site.prefix(1)));
            Update update = old.expectRoute(site.prefix(1));
            assertThat(update.path(2)).isEqualTo("65000 65001 65100");
            assertThat(update.attributes()).doesNotContainKey(AS4_PATH);
        }
    }

    @ParameterizedTest
    @CsvSource({"70000, 5ba00a000105, 000111700a000105", "65100, fe4c0a000105, absent"})
    @Row("AS4-07")
    void an_old_speaker_gets_an_aggregator_it_understands(long as, String aggregator, String as4Aggregator)
            throws Exception {
        try (Site site = site()) {
            TesterPeer old = old(site);
            site.up(Who.E)
                    .send(site.attributes(Who.E)
                            .add(
                                    Attributes.OPTIONAL_TRANSITIVE,
                                    AGGREGATOR,
                                    Octets.empty().u32(as).add("0a000105").toArray())
                            .announce(site.prefix(1)));
            Update update = old.expectRoute(site.prefix(1));
            assertThat(update.hex(AGGREGATOR)).isEqualTo(aggregator);
            assertThat(update.hex(AS4_AGGREGATOR)).isEqualTo(as4Aggregator);
        }
    }

    /** Sends a route as the OLD speaker. {@return its path as the observer sees it, segments joined} */
    private static String passedOn(Site site, Attributes attributes) throws IOException, InterruptedException {
        TesterPeer o = site.up(Who.O);
        TesterPeer old = old(site);
        old.send(attributes.announce(site.prefix(1)));
        Update update = o.expectRoute(site.prefix(1));
        assertThat(update.attributes()).doesNotContainKeys(AS4_PATH, AS4_AGGREGATOR);
        assertThat(old.messages(Messages.NOTIFICATION)).isEmpty();
        return update.path(4).replace(" | ", " ");
    }

    private static Attributes withAs4Path(Attributes attributes, byte[]... segments) {
        return attributes.add(Attributes.OPTIONAL_TRANSITIVE, AS4_PATH, segments);
    }

    @Test
    @Row("AS4-08")
    void an_old_speaker_s_two_paths_become_one() throws Exception {
        try (Site site = site()) {
            Attributes attributes = withAs4Path(oldAttributes(site, AS_TRANS, AS_TRANS), sequence(70000, 70001));
            assertThat(passedOn(site, attributes)).isEqualTo("65000 65002 70000 70001");
        }
    }

    @Test
    @Row("AS4-09")
    void a_second_path_longer_than_the_first_is_ignored() throws Exception {
        try (Site site = site()) {
            Attributes attributes = withAs4Path(oldAttributes(site, AS_TRANS), sequence(70000, 70001, 70002));
            assertThat(passedOn(site, attributes)).isEqualTo("65000 65002 23456");
        }
    }

    @Test
    @Row("AS4-10")
    void an_aggregator_that_is_not_as_trans_makes_the_second_path_obsolete() throws Exception {
        try (Site site = site()) {
            Attributes attributes = oldAttributes(site, AS_TRANS)
                    .add(Attributes.OPTIONAL_TRANSITIVE, AGGREGATOR, Octets.hex("fe4c0a000105"));
            withAs4Path(attributes, sequence(70000))
                    .add(Attributes.OPTIONAL_TRANSITIVE, AS4_AGGREGATOR, Octets.hex("000111700a000105"));
            assertThat(passedOn(site, attributes)).isEqualTo("65000 65002 23456");
        }
    }

    @Test
    @Row("AS4-11")
    void an_aggregator_of_as_trans_is_replaced_by_the_large_one() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            old(site)
                    .send(oldAttributes(site)
                            .add(Attributes.OPTIONAL_TRANSITIVE, AGGREGATOR, Octets.hex("5ba00a000105"))
                            .add(Attributes.OPTIONAL_TRANSITIVE, AS4_AGGREGATOR, Octets.hex("000111700a000105"))
                            .announce(site.prefix(1)));
            assertThat(o.expectRoute(site.prefix(1)).hex(AGGREGATOR)).isEqualTo("000111700a000105");
        }
    }

    @Test
    @Row("AS4-12")
    void our_as_in_the_second_path_alone_is_a_loop() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer old = old(site);
            old.send(withAs4Path(oldAttributes(site, AS_TRANS), sequence(65000)).announce(site.prefix(1)));
            old.send(oldAttributes(site).announce(site.prefix(2)));
            o.expectRoute(site.prefix(2));
            assertThat(o.history(site.prefix(1))).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0201000111", "02", "0200", "050100011170", "020300011170", ""})
    @Row("AS4-13")
    void a_malformed_second_path_is_dropped_and_the_route_kept(String value) throws Exception {
        try (Site site = site()) {
            Attributes attributes =
                    oldAttributes(site, AS_TRANS).add(Attributes.OPTIONAL_TRANSITIVE, AS4_PATH, Octets.hex(value));
            assertThat(passedOn(site, attributes)).isEqualTo("65000 65002 23456");
        }
    }

    @Test
    @Row("AS4-14")
    void confederation_segments_of_the_second_path_are_removed() throws Exception {
        try (Site site = site()) {
            Attributes attributes =
                    withAs4Path(oldAttributes(site, AS_TRANS), Attributes.segment(3, 4, 65200), sequence(70000));
            assertThat(passedOn(site, attributes)).isEqualTo("65000 65002 70000");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"000111700a0001", "000111700a00010500"})
    @Row("AS4-15")
    void a_malformed_large_aggregator_is_dropped(String value) throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            old(site)
                    .send(oldAttributes(site)
                            .add(Attributes.OPTIONAL_TRANSITIVE, AGGREGATOR, Octets.hex("5ba00a000105"))
                            .add(Attributes.OPTIONAL_TRANSITIVE, AS4_AGGREGATOR, Octets.hex(value))
                            .announce(site.prefix(1)));
            Update update = o.expectRoute(site.prefix(1));
            assertThat(update.hex(AGGREGATOR)).isEqualTo("00005ba00a000105");
            assertThat(update.attributes()).doesNotContainKey(AS4_AGGREGATOR);
        }
    }

    @Test
    @Row("AS4-16")
    void a_set_counts_as_one_when_paths_are_joined() throws Exception {
        try (Site site = site()) {
            byte[] path = Octets.join(
                    Attributes.segment(2, 2, 65002, AS_TRANS), Attributes.segment(1, 2, AS_TRANS, AS_TRANS));
            Attributes attributes = Attributes.none()
                    .origin(0)
                    .add(Attributes.WELL_KNOWN, AS_PATH, path)
                    .nextHop(site.address(Who.E2));
            withAs4Path(attributes, sequence(70000), Attributes.segment(1, 4, 70001, 70002));
            assertThat(passedOn(site, attributes)).isEqualTo("65000 65002 70000 {70001,70002}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fde9", "00000000fde9"})
    @Row("AS4-17")
    void a_capability_of_a_wrong_length_is_not_mistaken(String value) throws Exception {
        try (Site site = site()) {
            TesterPeer e = site.connect(Who.E);
            e.send(site.open(Who.E)
                    .without(65)
                    .capability(65, Octets.hex(value))
                    .toArray());
            Received answer = e.expect(
                    m -> m.type() == Messages.NOTIFICATION || m.type() == Messages.KEEPALIVE,
                    "answer",
                    TesterPeer.SOON);
            if (answer.type() == Messages.NOTIFICATION) {
                assertThat(answer.isNotification(2, 0)).as(answer.toString()).isTrue();
            } else { // taken as an OLD speaker
                e.send(Messages.keepalive());
                TesterPeer o = site.up(Who.O);
                o.send(site.attributes(Who.O).announce(site.prefix(1)));
                assertThat(e.expectRoute(site.prefix(1)).path(2)).isEqualTo("65000 65009");
            }
        }
    }

    @Test
    @Row("AS4-18")
    void as_trans_in_a_new_speaker_s_path_stays() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            site.up(Who.E).send(site.attributes(Who.E, AS_TRANS).announce(site.prefix(1)));
            assertThat(o.expectRoute(site.prefix(1)).path(4)).isEqualTo("65000 65001 23456");
        }
    }
}
