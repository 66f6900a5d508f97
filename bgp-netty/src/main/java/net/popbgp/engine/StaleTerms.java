package net.popbgp.engine;

import java.time.Duration;

/**
 * When routes of a session may be stale, and for how long. Immutable.
 *
 * @param markedRefresh refreshes are put between markers, both ways (RFC 7313)
 * @param refreshTime how long what a refresh has not repeated stays if the end of the refresh never comes
 */
public record StaleTerms(boolean markedRefresh, Duration refreshTime) {}
