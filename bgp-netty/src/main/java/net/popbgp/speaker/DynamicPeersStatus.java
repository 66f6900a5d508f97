package net.popbgp.speaker;

/**
 * A range of dynamic peers at one moment. Immutable.
 *
 * @param peers how many there are
 * @param refused connections that were closed because there were as many as the limit
 */
public record DynamicPeersStatus(DynamicPeersConfig config, int peers, long refused) {}
