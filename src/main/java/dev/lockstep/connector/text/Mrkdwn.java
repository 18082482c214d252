package dev.lockstep.connector.text;

import dev.lockstep.record.PlainText;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text of chats in which {@code <...>} is a mention or a link, and {@code &}, {@code <} and {@code
 * >} are written as entities. Emphasis is left as it was typed.
 *
 * @see <a href="https://docs.slack.dev/messaging/formatting-message-text">Formatting message
 *     text</a>
 */
final class Mrkdwn {
  private static final Pattern CONTROL = Pattern.compile("<([^<>\\s][^<>\n]{0,4000})>");
  private static final Pattern ENTITY = Pattern.compile("&(amp|lt|gt);");
  private static final Pattern ADDRESS = Pattern.compile("(?i)(?:https?://|mailto:|tel:)(.*)");

  private Mrkdwn() {}

  static String toPlain(String text) {
    String shown =
        CONTROL.matcher(text).replaceAll(found -> Matcher.quoteReplacement(control(found)));
    return PlainText.clean(ENTITY.matcher(shown).replaceAll(found -> entity(found.group(1))));
  }

  static String fromPlain(String plain) {
    return PlainText.clean(plain).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String entity(String name) {
    return switch (name) {
      case "amp" -> "&";
      case "lt" -> "<";
      default -> ">";
    };
  }

  /** A mention or a link: its label, and its address if the label does not show it. */
  private static String control(MatchResult found) {
    String content = found.group(1);
    int bar = content.indexOf('|');
    String target = bar < 0 ? content : content.substring(0, bar);
    String label = bar < 0 ? "" : content.substring(bar + 1);
    if (target.isEmpty()) {
      return found.group();
    }
    return switch (target.charAt(0)) {
      case '@' -> named("@", label.isEmpty() ? target.substring(1) : label);
      case '#' -> named("#", label.isEmpty() ? target.substring(1) : label);
      case '!' -> command(target.substring(1), label);
      default -> link(target, label);
    };
  }

  private static String named(String sign, String name) {
    return name.startsWith(sign) ? name : sign + name;
  }

  /**
   * {@code here}, {@code subteam^S012}, {@code date^1392734382^{date}}: a label is what is shown.
   */
  private static String command(String command, String label) {
    boolean date = command.startsWith("date^");
    return date && !label.isEmpty() ? label : named("@", label.isEmpty() ? command : label);
  }

  private static String link(String address, String label) {
    Matcher known = ADDRESS.matcher(address);
    String bare = known.matches() ? known.group(1) : address;
    boolean says = label.isEmpty() || label.equals(bare) || label.equals(address);
    if (!says) {
      return label + " (" + address + ")";
    }
    return label.isEmpty() ? (address.startsWith("mailto:") ? bare : address) : label;
  }
}
