/** The scenarios S01 to S47 of an ExpressRoute site: a PoP, its two circuits, and the simulated Azure at their other end. */
package net.popbgp.daemon.scenario;
