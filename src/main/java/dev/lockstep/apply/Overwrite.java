package dev.lockstep.apply;

import dev.lockstep.pair.History;
import dev.lockstep.record.Side;
import dev.lockstep.record.Version;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one write replaced, as the audit keeps it.
 *
 * @param before the version the side was thought to be in
 * @param after the version the write made
 * @param written by field, the new value
 * @param was by field, the value it was thought to have
 */
record Overwrite(
    Side side,
    Version before,
    Version after,
    Map<String, String> written,
    Map<String, String> was) {

  static final String WHAT = "updated";

  private static final String WAS = ":before";
  private static final String VERSION = "version";

  History entry(String key) {
    Map<String, String> details = new HashMap<>(written);
    was.forEach((field, value) -> details.put(field + WAS, value));
    details.put("side", side.label());
    details.put(VERSION + WAS, text(before));
    details.put(VERSION, text(after));
    String fields = String.join(", ", new TreeMap<>(written).keySet());
    return new History(WHAT, "Wrote %s to %s".formatted(fields, key), details);
  }

  static Overwrite of(History entry) {
    Map<String, String> written = new HashMap<>();
    Map<String, String> was = new HashMap<>();
    entry
        .details()
        .forEach(
            (name, value) -> {
              String field =
                  name.endsWith(WAS) ? name.substring(0, name.length() - WAS.length()) : name;
              if (!field.equals(VERSION) && !field.equals("side")) {
                (name.endsWith(WAS) ? was : written).put(field, value);
              }
            });
    return new Overwrite(
        Side.LEFT.label().equals(entry.details().get("side")) ? Side.LEFT : Side.RIGHT,
        version(entry.details().getOrDefault(VERSION + WAS, "0-0")),
        version(entry.details().getOrDefault(VERSION, "0-0")),
        written,
        was);
  }

  private static String text(Version version) {
    return version.from() + "-" + version.to();
  }

  private static Version version(String text) {
    int dash = text.indexOf('-');
    return new Version(
        Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
  }
}
