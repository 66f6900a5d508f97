/**
 * The black-box conformance suite: raw sockets against the daemon in a process of its own. Nothing here uses the codec under test; messages
 * are put together and taken apart octet by octet.
 */
package net.popbgp.daemon.conformance;
