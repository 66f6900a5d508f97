package net.popbgp.speaker;

/**
 * The Loc-RIB in figures. Immutable.
 *
 * @param changes since the start: routes selected, replaced or lost
 * @param withdrawals of these, the ones that left a prefix without a route
 */
public record LocRibStatus(int ipv4Prefixes, int ipv6Prefixes, long changes, long withdrawals) {}
