package dev.lockstep.sandbox.slack;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Slack makes of the text of a message ("Formatting message text"): whom it notifies, and how
 * it is stored.
 */
final class MessageText {
  /** "The ideal message length is up to 4,000 characters"; "we'll truncate above 40,000". */
  static final int MOST = 40_000;

  private static final Pattern CONTROL = Pattern.compile("<([^<>]*)>");
  private static final Pattern NOTIFIES =
      Pattern.compile(
          "<(?:!(?:channel|here|everyone|subteam\\^[A-Z0-9]+)|@[UW][A-Z0-9]+)(?:\\|[^<>]*)?>");
  private static final Pattern NAMES = Pattern.compile("(?<![\\w&;])@(channel|here|everyone)\\b");
  private static final Pattern ADDRESS =
      Pattern.compile("(?<![<|\\w])(https?://[^\\s<>|]+[^\\s<>|.,;:!?)\\]\"'])");
  private static final Pattern MAIL =
      Pattern.compile("(?<![<|:\\w.+-])([\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+)");

  private MessageText() {}

  /**
   * What notifies people.
   *
   * @param parsesNames whether plain names such as {@code @channel} count, too ({@code link_names},
   *     {@code parse: full})
   */
  static List<String> notifications(String text, boolean parsesNames) {
    List<String> found = new ArrayList<>();
    NOTIFIES.matcher(text).results().forEach(one -> found.add(one.group()));
    if (parsesNames) {
      NAMES.matcher(text).results().forEach(one -> found.add(one.group()));
    }
    return found;
  }

  /** As it is stored: cut, and with addresses as links. What is no entity is written as one. */
  static String stored(String text) {
    String kept = text.length() > MOST ? text.substring(0, MOST) : text;
    StringBuilder stored = new StringBuilder();
    Matcher control = CONTROL.matcher(kept);
    int at = 0;
    while (control.find()) {
      stored.append(linked(kept.substring(at, control.start()))).append(control.group());
      at = control.end();
    }
    return stored.append(linked(kept.substring(at))).toString();
  }

  private static String linked(String part) {
    String entities =
        part.replaceAll("&(?!amp;|lt;|gt;)", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    String addresses = ADDRESS.matcher(entities).replaceAll("<$1>");
    return MAIL.matcher(addresses).replaceAll("<mailto:$1|$1>");
  }

  /** As a person typed it: nothing in it is a mention or a link unless the client makes it one. */
  static String typed(String text) {
    return stored(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
  }

  /** Without entities, as limits of topics count it. */
  static String decoded(String text) {
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
  }
}
