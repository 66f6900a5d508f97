package net.popbgp.daemon.alert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.event.EventField;
import net.popbgp.daemon.site.Track;

/** Puts what is to be told into words: plain text for mail, JSON for webhooks. Immutable. */
final class Composer {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS xxx '('VV')'", Locale.ROOT);
    private static final DateTimeFormatter SHORT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xxx", Locale.ROOT);
    private static final int MAX_SUBJECT = 160;

    private final AlertsConfig config;

    Composer(AlertsConfig config) {
        this.config = config;
    }

    /** {@return a message to each address and webhook that is to be told} */
    List<Message> messages(Notice notice, Instant now) {
        List<Message> messages = new ArrayList<>();
        Track track = notice.rule().track();
        for (String list : track.mailingLists()) {
            String body = body(notice, list);
            for (String address : config.mailingLists().getOrDefault(list, List.of())) {
                messages.add(message(Message.Channel.MAIL, list, address, subject(notice), id -> body, now));
            }
        }
        for (String webhook : track.webhooks()) {
            messages.add(message(
                    Message.Channel.WEBHOOK,
                    webhook,
                    webhook,
                    subject(notice),
                    id -> json(notice, id).toString(),
                    now));
        }
        return messages;
    }

    /** {@return a message that tells nothing but that messages arrive} */
    Message test(Message.Channel channel, String target, String recipient, Instant now) {
        String text =
                "This is a test of the " + (channel == Message.Channel.MAIL ? "mailing list" : "webhook") + " " + target
                        + ", sent by an operator at " + time(now) + ".\nNothing has happened, nothing is to be done.\n";
        String subject = "[popbgp] test of " + target;
        return message(
                channel,
                target,
                recipient,
                subject,
                id -> channel == Message.Channel.MAIL
                        ? text
                        : envelope(id, "test", subject, now).put("text", text).toString(),
                now);
    }

    private static Message message(
            Message.Channel channel,
            String target,
            String recipient,
            String subject,
            Function<String, String> body,
            Instant at) {
        String id = UUID.randomUUID().toString();
        return new Message(id, channel, target, recipient, subject, body.apply(id), at, at, 0, "");
    }

    private static String subject(Notice notice) {
        Rule rule = notice.rule();
        String what = rule.isCircuit() ? rule.subject() + " session" : rule.subject();
        StringBuilder text = new StringBuilder("[popbgp] " + rule.site() + ": " + what);
        if (notice.count() == 0) {
            text.append(", nothing further");
        } else if (notice.digest()) {
            text.append(", ").append(changes(notice.count())).append(", now ").append(state(latest(notice)));
        } else {
            Event event = latest(notice);
            text.append(' ').append(state(event));
            code(event).ifPresent(code -> text.append(" (").append(code).append(')'));
        }
        String line = Texts.line(text.toString());
        return line.length() > MAX_SUBJECT ? line.substring(0, MAX_SUBJECT - 1) + "…" : line;
    }

    private static Event latest(Notice notice) {
        return notice.events().get(notice.events().size() - 1);
    }

    private static String changes(int count) {
        return count == 1 ? "1 change" : count + " changes";
    }

    private static String state(Event event) {
        boolean good = Rules.isGood(event);
        return event.field(EventField.HOST_IP).isPresent() ? good ? "reachable" : "unreachable" : good ? "up" : "down";
    }

    /** {@return as in {@code 4/0 hold timer expired}; empty where nothing went wrong} */
    private static Optional<String> code(Event event) {
        return event.field(EventField.BGP_ERROR_CODE)
                .map(code -> event.field(EventField.BGP_SUBERROR_CODE)
                        .map(sub -> code.equals("local") ? sub : code + "/" + sub)
                        .orElse(code));
    }

    private String body(Notice notice, String list) {
        StringBuilder text = new StringBuilder();
        Rule rule = notice.rule();
        if (notice.count() == 0) {
            text.append("Nothing further has happened since the last mail about ")
                    .append(rule.isCircuit() ? "the session of the " + rule.subject() + " circuit" : rule.subject())
                    .append(" of site ")
                    .append(rule.site())
                    .append(".\n\n");
        } else if (notice.digest()) {
            digest(text, notice);
        } else {
            text.append(Texts.line(latest(notice).message())).append("\n\n");
        }
        line(text, "Site", rule.site());
        if (!notice.events().isEmpty()) {
            facts(text, latest(notice), notice.digest());
        }
        advice(text, rule, notice);
        closing(text, notice, list);
        return text.toString();
    }

    private void digest(StringBuilder text, Notice notice) {
        text.append(changes(notice.count()))
                .append(" since the last mail; now ")
                .append(state(latest(notice)))
                .append(".\n\n");
        if (notice.count() > notice.events().size()) {
            text.append("  … ")
                    .append(notice.count() - notice.events().size())
                    .append(" earlier ones are not listed\n");
        }
        for (Event event : notice.events()) {
            text.append("  ")
                    .append(SHORT.format(event.time().atZone(config.timeZone())))
                    .append("  ")
                    .append(state(event))
                    .append(code(event).map(code -> "  " + Texts.line(code)).orElse(""))
                    .append('\n');
        }
        text.append("\nThe latest of them:\n\n");
    }

    private void facts(StringBuilder text, Event event, boolean digest) {
        line(text, "Circuit", event.field(EventField.CIRCUIT).orElse(""));
        line(text, "Peer", event.field(EventField.PEER).orElse(""));
        line(text, "", event.field(EventField.BGP_PEER_DESCRIPTION).orElse(""));
        line(text, "PoP", joined(event, EventField.POP_NAME, EventField.BGP_CATO_IP, EventField.BGP_CATO_ASN));
        line(text, "Cloud", joined(event, EventField.BGP_PEER_IP, EventField.BGP_PEER_ASN));
        line(text, "Host", joined(event, EventField.RULE_NAME, EventField.HOST_IP));
        Optional<String> from = event.field(EventField.OLD_STATE);
        Optional<String> to = event.field(EventField.NEW_STATE);
        line(text, "State", from.isPresent() && to.isPresent() ? from.get() + " -> " + to.get() : state(event));
        line(text, "Reason", code(event).orElse(""));
        line(text, "What", digest ? event.message() : "");
        line(text, "Time", time(event.time()));
    }

    private static String joined(Event event, EventField... fields) {
        List<String> parts = new ArrayList<>();
        for (EventField field : fields) {
            boolean asn = field == EventField.BGP_CATO_ASN || field == EventField.BGP_PEER_ASN;
            event.field(field).map(value -> asn ? "AS " + value : value).ifPresent(parts::add);
        }
        return String.join(", ", parts);
    }

    private static void line(StringBuilder text, String label, String value) {
        if (!value.isEmpty()) {
            text.append(String.format(Locale.ROOT, "  %-9s", label))
                    .append(Texts.line(value))
                    .append('\n');
        }
    }

    private static void advice(StringBuilder text, Rule rule, Notice notice) {
        text.append("\nTo look further:\n");
        if (rule.isCircuit()) {
            text.append("  popbgp show peer ").append(rule.peer()).append('\n');
            if (notice.events().isEmpty()
                    || !latest(notice)
                            .field(EventField.NEW_STATE)
                            .equals(Optional.of(FsmState.ESTABLISHED.toString()))) {
                text.append("  popbgp site test ")
                        .append(rule.site())
                        .append(' ')
                        .append(rule.subject())
                        .append('\n');
            }
            text.append("  popbgp site show ").append(rule.site()).append('\n');
        } else {
            text.append("  popbgp show lan-monitoring ").append(rule.site()).append('\n');
        }
        text.append("  popbgp show events\n");
    }

    private void closing(StringBuilder text, Notice notice, String list) {
        Track.Frequency frequency = notice.rule().track().frequency();
        text.append("\nThis goes to the mailing list ").append(list).append(", ");
        if (frequency == Track.Frequency.IMMEDIATE) {
            text.append("for every change.\n");
        } else {
            text.append(frequency.name().toLowerCase(Locale.ROOT)).append(".\n");
            text.append(notice.windowEnds()
                    .map(ends -> "Changes until " + time(ends) + " come together in one mail then.\n")
                    .orElse("The next change is told at once.\n"));
        }
    }

    private String time(Instant instant) {
        return TIME.format(instant.atZone(config.timeZone()));
    }

    private static ObjectNode json(Notice notice, String id) {
        Rule rule = notice.rule();
        ObjectNode json = envelope(id, notice.digest() ? "digest" : "alert", subject(notice), notice.at())
                .put("site", rule.site())
                .put("subject-of", rule.subject());
        if (rule.isCircuit()) {
            json.put("peer", rule.peer());
        }
        json.put("state", notice.events().isEmpty() ? "" : state(latest(notice)))
                .put("frequency", rule.track().frequency().name().toLowerCase(Locale.ROOT))
                .put("count", notice.count());
        notice.windowEnds().ifPresent(ends -> json.put("window-ends", ends.toString()));
        ArrayNode events = json.putArray("events");
        notice.events().forEach(event -> events.add(EventJson.write(event)));
        return json;
    }

    private static ObjectNode envelope(String id, String type, String subject, Instant at) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("type", type)
                .put("subject", subject)
                .put("created", at.toString());
    }
}
