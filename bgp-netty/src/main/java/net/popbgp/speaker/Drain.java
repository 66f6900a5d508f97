package net.popbgp.speaker;

/** Whether, and by whose word, a peer's session is being drained before it is shut down (RFC 8326). */
public enum Drain {
    /** It is not. */
    NONE,
    /** {@link PeerHandle#startDrain} was called. */
    COMMANDED,
    /** {@link BgpSpeaker#startDrain} was called: all peers are drained. */
    SPEAKER,
    /** The peer's configuration says so. */
    CONFIGURED
}
