/**
 * Mail and webhooks about sessions of circuits and monitored hosts. {@link net.popbgp.daemon.alert.Alerts} follows the events by cursor on a
 * thread of its own; {@link net.popbgp.daemon.alert.Windows} decides what is told at once and what waits for a digest;
 * {@link net.popbgp.daemon.alert.Outbox} keeps each message until it is delivered or given up, which is an event. All that must outlive the
 * process is in {@link net.popbgp.daemon.alert.AlertStore}. Servers are talked to on two further threads, one for mail and one for webhooks,
 * so that nothing ever waits for them.
 */
@NullMarked
package net.popbgp.daemon.alert;

import org.jspecify.annotations.NullMarked;
