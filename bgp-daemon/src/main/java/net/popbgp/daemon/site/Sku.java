package net.popbgp.daemon.site;

/** The tier of an ExpressRoute circuit; it decides how many prefixes the cloud takes and how many virtual networks it connects. */
public enum Sku {
    LOCAL,
    STANDARD,
    PREMIUM
}
