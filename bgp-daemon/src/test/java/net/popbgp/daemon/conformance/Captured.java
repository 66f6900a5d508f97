package net.popbgp.daemon.conformance;

/**
 * A message of a capture, as it was on the wire or, for a table, as it would have been.
 *
 * @param speaker who sent it: unique within the capture
 * @param as of the speaker, 0 where the capture does not say
 * @param fourOctets whether its AS numbers have four octets
 * @param pathIdentifiers whether its NLRI have path identifiers (RFC 7911)
 */
record Captured(String speaker, long as, boolean fourOctets, boolean pathIdentifiers, byte[] message) {

    boolean isUpdate() {
        return message.length > 18 && message[18] == Messages.UPDATE;
    }

    Captured withPathIdentifiers() {
        return new Captured(speaker, as, fourOctets, true, message);
    }
}
