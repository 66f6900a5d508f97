package net.popbgp.sim.azure;

/** The tier of a circuit: decides how many IPv4 prefixes it takes. */
public enum Sku {
    LOCAL,
    STANDARD,
    PREMIUM
}
