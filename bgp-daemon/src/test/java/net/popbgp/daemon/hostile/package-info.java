/**
 * Peers and strangers that mean no good, over real TCP against the daemon: what they send is put together octet by octet, with nothing of
 * the product's own encoder.
 */
package net.popbgp.daemon.hostile;
