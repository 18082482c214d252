package dev.lockstep.postmortem.parse.vocabulary;

import dev.lockstep.postmortem.parse.markdown.InlineText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Recognizes ticket keys and issue URLs. */
public final class TicketPatterns {
  private static final String KEY = "[A-Z][A-Z0-9_]{1,11}-[1-9]\\d{0,8}";
  private static final Pattern ONLY_KEY = Pattern.compile(KEY);
  private static final Pattern KEY_ALONE = Pattern.compile("(?<![\\w/-])" + KEY + "(?![\\w-])");

  /** In running text, standards, versions and severities look like keys. */
  private static final Pattern KEY_IN_TEXT =
      Pattern.compile(
          "(?<![\\w/.@&#=+-])(?!(?:UTF|ISO|RFC|SHA|MD|AES|RSA|TLS|SSL|HTTP|CVE|COVID|SEV|PEP|IPV"
              + "|EC|BASE|WIN|UTC|GMT|IEEE|ANSI|PR|AI|ACTION|ITEM|TOP|PART|STEP|PHASE|DAY|WEEK|RS"
              + "|P\\d|Q\\d|H\\d|V\\d|T\\d)-\\d)("
              + KEY
              + ")(?![\\w/-]|\\.\\d)");

  private static final Pattern BROWSE =
      Pattern.compile("(?i:https?://)\\S*/(?:browse|issue)/(" + KEY + ")(?![\\w-]).*+");
  private static final Pattern ISSUE =
      Pattern.compile(
          "((?i:https?://)[^\\s?#]+/(?:issues?|pull|pulls|merge_requests|pull-requests|pullrequest"
              + "|work_items|_workitems/edit)/\\d+).*"
              + "|((?i:https?://)\\S+/show_bug\\.cgi\\?id=\\d+).*");

  private TicketPatterns() {}

  /** The key in a URL. */
  public static @Nullable String findKeyInUrl(String address) {
    Matcher browse = BROWSE.matcher(address);
    return browse.matches() ? browse.group(1) : null;
  }

  /** Up to the issue number, without sub-pages and comment anchors. */
  public static @Nullable String findIssueUrl(String address) {
    Matcher issue = ISSUE.matcher(address);
    if (!issue.matches()) {
      return null;
    }
    return issue.group(1) == null ? issue.group(2) : issue.group(1);
  }

  public static boolean isKey(String text) {
    return ONLY_KEY.matcher(text).matches();
  }

  public static Matcher findKeys(String text) {
    return KEY_IN_TEXT.matcher(text);
  }

  /** The text of a ticket cell apart from the ticket. */
  public static String without(InlineText value) {
    StringBuilder words = new StringBuilder(value.text());
    for (InlineText.Reference link : value.links()) {
      if (findKeyInUrl(link.address()) != null || findIssueUrl(link.address()) != null) {
        for (int i = link.from(); i < Math.min(link.to(), words.length()); i++) {
          words.setCharAt(i, ' ');
        }
      }
    }
    return InlineText.tidy(KEY_ALONE.matcher(words).replaceAll(" "));
  }

  /** The ticket in a ticket cell or label; null if there is none. */
  public static @Nullable String findTicket(InlineText value) {
    String issue = null;
    for (InlineText.Reference link : value.links()) {
      String key = findKeyInUrl(link.address());
      if (key != null) {
        return key;
      }
      issue = issue == null ? findIssueUrl(link.address()) : issue;
    }
    Matcher key = KEY_ALONE.matcher(value.text());
    while (key.find()) {
      if (!value.isInUrl(key.start())) {
        return key.group();
      }
    }
    return issue;
  }
}
