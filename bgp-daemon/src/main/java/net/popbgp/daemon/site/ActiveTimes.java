package net.popbgp.daemon.site;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Set;

/**
 * Days and hours at which something is active. Immutable.
 *
 * @param days on which it begins; not empty
 * @param from of that day
 * @param to of that day, or of the next if it is not after {@code from}; not part of it. The same as {@code from} for the whole day
 */
public record ActiveTimes(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {

    public ActiveTimes {
        days = Set.copyOf(days);
        if (days.isEmpty()) {
            throw new IllegalArgumentException("a schedule has at least one day");
        }
    }

    public boolean contains(Instant instant) {
        ZonedDateTime local = instant.atZone(zone);
        LocalTime time = local.toLocalTime();
        DayOfWeek today = local.getDayOfWeek();
        if (from.isBefore(to)) {
            return days.contains(today) && !time.isBefore(from) && time.isBefore(to);
        }
        return days.contains(today) && !time.isBefore(from) || days.contains(today.minus(1)) && time.isBefore(to);
    }
}
