/**
 * Cloud Interconnect sites as their operator knows them: an active-passive pair of circuits to one cloud, whose state BGP alone decides. A
 * {@link net.popbgp.daemon.site.SiteConfig} says what is wanted; what the speaker needs for it (peers, a circuit group, announcements,
 * policies) is derived from it, and the state is read back from the speaker. The package owns no routing state.
 */
@NullMarked
package net.popbgp.daemon.site;

import org.jspecify.annotations.NullMarked;
