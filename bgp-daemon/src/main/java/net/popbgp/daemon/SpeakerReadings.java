package net.popbgp.daemon;

import java.util.Optional;
import java.util.function.Function;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.daemon.analytics.SiteRecorder;
import net.popbgp.speaker.BgpSpeaker;
import net.popbgp.speaker.PeerHandle;
import net.popbgp.speaker.PeerStatus;

/** What a speaker says of its peers, for a listener that is there before it. Thread-safe. */
final class SpeakerReadings implements Function<String, Optional<SiteRecorder.Reading>> {

    private volatile Optional<BgpSpeaker> speaker = Optional.empty();

    /** The speaker is there now. */
    void of(BgpSpeaker made) {
        speaker = Optional.of(made);
    }

    @Override
    public Optional<SiteRecorder.Reading> apply(String peer) {
        return speaker.flatMap(each -> each.peer(peer)).map(PeerHandle::status).map(SpeakerReadings::reading);
    }

    private static SiteRecorder.Reading reading(PeerStatus peer) {
        PeerStatus.Prefixes prefixes = peer.prefixes(AddressFamily.IPV4_UNICAST);
        return new SiteRecorder.Reading(
                peer.isEstablished(), peer.enabled(), prefixes.received(), prefixes.advertised(), prefixes.withheld());
    }
}
