package net.popbgp.speaker;

import net.popbgp.session.PeerSettings;

/** A peer's settings as the speaker makes them, for sessions without a speaker. */
public final class SettingsOf {

    private SettingsOf() {}

    public static PeerSettings peer(SpeakerConfig speaker, PeerConfig peer) {
        return PeerSettingsFactory.settings(speaker, peer, "");
    }
}
