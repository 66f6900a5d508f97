package net.popbgp.core.message;

/**
 * An error in an UPDATE that the session survives (RFC 7606). Immutable.
 *
 * @param attributeType the attribute's type code, 0 where the error is in none in particular
 * @param detail for the operator: what was wrong, with the value
 */
public record AttributeFault(int attributeType, Treatment treatment, String detail) {}
