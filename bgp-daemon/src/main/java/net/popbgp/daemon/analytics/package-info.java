/**
 * How sites and circuits have done: for how long they were up, how often they failed, how full their limits are and when they will be
 * reached. {@link net.popbgp.daemon.analytics.SiteRecorder} watches the speaker and makes a {@link net.popbgp.daemon.analytics.Sample} of each
 * minute, which adds up the time in each state to the millisecond; {@link net.popbgp.daemon.analytics.SampleTable} keeps these by the minute,
 * the quarter of an hour and the hour; {@link net.popbgp.daemon.analytics.SiteAnalytics} answers questions. A time without a sample is
 * unknown, not up.
 */
@NullMarked
package net.popbgp.daemon.analytics;

import org.jspecify.annotations.NullMarked;
