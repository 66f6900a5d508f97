package net.popbgp.sim.azure;

import java.time.Instant;

/**
 * Something that happened on a circuit, for the record. Immutable.
 *
 * @param number ascending from 1 within the edge
 * @param kind in kebab-case: {@code state}, {@code notification-sent}, {@code prefix-limit}, {@code fault}, {@code leak} …
 */
public record EdgeEvent(long number, Instant at, String circuit, String kind, String detail) {}
