package net.popbgp.daemon.summary;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Suggestions as JSON, the same from the daemon and from a file. Pure functions. */
public final class SuggestionJson {

    /** The most ranges of added addresses that are listed; all are counted. */
    public static final int MAX_RANGES = 1000;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private SuggestionJson() {}

    public static ObjectNode of(List<Suggestion> suggestions) {
        ObjectNode json = JSON.objectNode();
        ArrayNode all = json.putArray("suggestions");
        suggestions.forEach(each -> all.add(one(each)));
        return json;
    }

    private static ObjectNode one(Suggestion suggestion) {
        ObjectNode json =
                JSON.objectNode().put("family", suggestion.family().toString()).put("prefixes", suggestion.prefixes());
        suggestion.limit().ifPresent(limit -> json.put("limit", limit));
        json.put("fits", suggestion.fits());
        json.set("lossless", summary(suggestion, suggestion.lossless(), false));
        suggestion.lossy().ifPresent(lossy -> json.set("lossy", summary(suggestion, lossy, true)));
        return json;
    }

    private static ObjectNode summary(Suggestion suggestion, Suggestion.Summary summary, boolean lossy) {
        ObjectNode json =
                JSON.objectNode().put("count", summary.prefixes().size()).put("fits", summary.fits(suggestion.limit()));
        ArrayNode prefixes = json.putArray("prefixes");
        summary.prefixes().forEach(each -> prefixes.add(each.toString()));
        ArrayNode parts = json.putArray("summaries");
        summary.summaries()
                .forEach(each -> parts.addObject()
                        .put("subnet", each.prefix().toString())
                        .put("replaces", each.replaced()));
        if (lossy) {
            json.put("added-addresses", summary.addedCount())
                    .put("added-percent", summary.addedPercent())
                    .put("best", summary.best());
            if (!summary.best()) {
                json.put("bound", summary.bound());
            }
            ArrayNode added = json.putArray("added");
            summary.added().stream().limit(MAX_RANGES).forEach(range -> added.add(range.toString()));
            json.put("added-ranges", summary.added().size());
        }
        return json;
    }
}
