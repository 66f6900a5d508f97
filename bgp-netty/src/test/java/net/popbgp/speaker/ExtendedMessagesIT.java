package net.popbgp.speaker;

import static net.popbgp.speaker.Lab.received;
import static net.popbgp.speaker.Lab.until;
import static net.popbgp.speaker.Lab.untilUp;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import org.junit.jupiter.api.Test;

/** Routes whose attributes alone fill more than 4096 octets (RFC 8654). */
class ExtendedMessagesIT {

    private static final PeerFeatures EXTENDED = PeerFeatures.DEFAULT.withExtendedMessages(true);
    private static final Prefix SMALL = Prefix.of("10.1.0.0/16");
    private static final Prefix LARGE = Prefix.of("10.2.0.0/16");

    private static void announceBoth(BgpSpeaker speaker) throws Exception {
        PathAttributes large = PathAttributes.builder()
                .communities(IntStream.range(0, 15_000).mapToObj(Community::new).toList())
                .build();
        speaker.announce(List.of(LARGE), large).toCompletableFuture().get(5, TimeUnit.SECONDS);
        Lab.announce(speaker, List.of(SMALL));
    }

    @Test
    void a_message_of_sixty_thousand_octets_arrives_where_both_sides_offer_it() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker one = lab.speaker(65001, "127.0.71.1");
            BgpSpeaker two = lab.speaker(65002, "127.0.71.2");
            announceBoth(one);
            two.addPeer(Lab.peer(one, two).passive(true).features(EXTENDED).build());

            PeerHandle peer = one.addPeer(Lab.peer(two, one).features(EXTENDED).build());
            untilUp(peer);

            PeerHandle there = two.peer(IpAddresses.parse("127.0.71.1")).orElseThrow();
            until(() -> received(there) == 2);
            assertThat(peer.status().negotiated().orElseThrow().extendedMessageSend())
                    .isTrue();
            assertThat(there.status().isEstablished()).isTrue();
        }
    }

    /** FRR 8.4 offers it, and ends the session at the first long message if it is not offered by us. */
    @Test
    void nothing_longer_than_4096_octets_goes_where_only_the_receiver_offers_it() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker one = lab.speaker(65001, "127.0.71.1");
            BgpSpeaker two = lab.speaker(65002, "127.0.71.2");
            announceBoth(one);
            two.addPeer(Lab.peer(one, two).passive(true).features(EXTENDED).build());

            PeerHandle peer = one.addPeer(Lab.peer(two, one).build());
            untilUp(peer);

            PeerHandle there = two.peer(IpAddresses.parse("127.0.71.1")).orElseThrow();
            until(() -> there.status().prefixes(Lab.IPV4).endOfRib());
            assertThat(received(there)).isEqualTo(1);
            assertThat(peer.status().negotiated().orElseThrow().extendedMessageSend())
                    .isFalse();
        }
    }

    @Test
    void nothing_longer_than_4096_octets_goes_to_a_peer_that_does_not_offer_it() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker one = lab.speaker(65001, "127.0.71.1");
            BgpSpeaker two = lab.speaker(65002, "127.0.71.2");
            announceBoth(one);
            two.addPeer(Lab.peer(one, two).passive(true).build());

            PeerHandle peer = one.addPeer(Lab.peer(two, one).features(EXTENDED).build());
            untilUp(peer);

            PeerHandle there = two.peer(IpAddresses.parse("127.0.71.1")).orElseThrow();
            until(() -> there.status().prefixes(Lab.IPV4).endOfRib());
            assertThat(received(there)).isEqualTo(1);
            assertThat(there.status().isEstablished()).isTrue();
        }
    }
}
