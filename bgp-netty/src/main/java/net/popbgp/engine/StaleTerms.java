package net.popbgp.engine;

import java.time.Duration;
import java.util.Optional;

/**
 * When routes of a session may be stale, and for how long. Immutable.
 *
 * @param markedRefresh refreshes are put between markers, both ways (RFC 7313)
 * @param refreshTime how long what a refresh has not repeated stays if the end of the refresh never comes
 * @param restart what was agreed on for restarts of the peer; empty if its routes go with the session
 */
public record StaleTerms(boolean markedRefresh, Duration refreshTime, Optional<RestartTerms> restart) {}
