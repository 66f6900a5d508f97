package net.popbgp.daemon.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Events as rows of the database. No state. */
final class EventRows {

    private static final String COLUMNS = "id, time, sub_type, action, message, site, circuit, peer, fields";
    private static final String ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final int WIDTH = 9;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, String>> FIELDS = new TypeReference<>() {};

    /** Fields with a column of their own. */
    private static final List<EventField> OWN_COLUMNS =
            List.of(EventField.SRC_SITE_NAME, EventField.CIRCUIT, EventField.PEER);

    private EventRows() {}

    static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    /** {@return SQL that puts in so many events} */
    static String insert(int rows) {
        return "INSERT INTO events (" + COLUMNS + ") VALUES " + ROW + (", " + ROW).repeat(rows - 1);
    }

    /** Sets the values of one of the rows that are put in, from 0 on. */
    static void bind(PreparedStatement insert, int row, StoredEvent stored) throws SQLException {
        Event event = stored.event();
        int column = row * WIDTH + 1;
        insert.setLong(column++, stored.id());
        insert.setLong(column++, micros(event.time()));
        insert.setString(column++, event.subType().toString());
        insert.setString(column++, event.action());
        insert.setString(column++, event.message());
        for (EventField field : OWN_COLUMNS) {
            insert.setString(column++, event.fields().get(field));
        }
        insert.setString(column, rest(event));
    }

    private static String rest(Event event) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            for (Map.Entry<EventField, String> each : event.fields().entrySet()) {
                if (!OWN_COLUMNS.contains(each.getKey())) {
                    json.writeStringField(each.getKey().toString(), each.getValue());
                }
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not of a StringWriter
        }
        return text.toString();
    }

    /** {@return the event of a row; empty if it is of a kind that this program does not know} */
    private static Optional<StoredEvent> read(ResultSet row) throws SQLException {
        Map<EventField, String> fields = new EnumMap<>(EventField.class);
        int column = 6;
        for (EventField field : OWN_COLUMNS) {
            String value = row.getString(column++);
            if (value != null) {
                fields.put(field, value);
            }
        }
        try {
            JSON.readValue(row.getString(column), FIELDS)
                    .forEach((name, value) -> EventField.ofName(name).ifPresent(field -> fields.put(field, value)));
            Event event = new Event(
                    Instant.EPOCH.plus(row.getLong(2), ChronoUnit.MICROS),
                    EventSubType.of(row.getString(3)),
                    row.getString(4),
                    row.getString(5),
                    fields);
            return Optional.of(new StoredEvent(row.getLong(1), event));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            EventStore.LOG.debug("event=event-not-understood id={}", row.getLong(1), e);
            return Optional.empty();
        }
    }

    /** The events between two ids that match a filter. SQL narrows them down, the filter itself decides. */
    record Query(EventFilter filter, long from, long to, int limit, boolean ascending) {

        /**
         * @param beyond whether there are events beyond those between the ids
         * @param gap handed on
         */
        EventPage run(Connection connection, boolean beyond, boolean gap) throws SQLException {
            List<Object> values = new ArrayList<>();
            String sql = "SELECT " + COLUMNS + " FROM events WHERE id BETWEEN " + from + " AND " + to
                    + among(values, "sub_type", filter.subTypes())
                    + among(values, "site", filter.sites())
                    + among(values, "circuit", filter.circuits())
                    + among(values, "peer", filter.peers())
                    + text(values)
                    + " ORDER BY id" + (ascending ? "" : " DESC");
            List<StoredEvent> page = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.size(); i++) {
                    select.setString(i + 1, values.get(i).toString());
                }
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        Optional<StoredEvent> event = read(rows).filter(each -> filter.matches(each.event()));
                        if (event.isPresent()) {
                            if (page.size() == limit) {
                                return new EventPage(page, page.get(limit - 1).id(), true, gap);
                            }
                            page.add(event.get());
                        }
                    }
                }
            }
            return new EventPage(page, ascending ? to : from, beyond, gap);
        }

        private static String among(List<Object> values, String column, Collection<?> names) {
            if (names.isEmpty()) {
                return "";
            }
            values.addAll(names);
            return " AND " + column + " IN (" + "?,".repeat(names.size() - 1) + "?)";
        }

        /** LIKE folds ASCII only, and JSON escapes some characters: other texts are left to the filter. */
        private String text(List<Object> values) {
            String text = filter.text();
            if (text.isEmpty()
                    || !StandardCharsets.US_ASCII.newEncoder().canEncode(text)
                    || !text.matches("[^\"\\\\%_\\p{Cntrl}]+")) {
                return "";
            }
            String pattern = "%" + text + "%";
            for (int i = 0; i < 6; i++) {
                values.add(pattern);
            }
            return " AND (message LIKE ? OR action LIKE ? OR site LIKE ? OR circuit LIKE ? OR peer LIKE ? OR fields LIKE ?)";
        }
    }
}
