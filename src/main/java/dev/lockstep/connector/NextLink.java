package dev.lockstep.connector;

import dev.lockstep.json.JsonPath;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The link to the next page of a listing: the {@code Link} header with {@code rel=next} (RFC 8288),
 * or a URL in the body. Only its query is used: host and path stay those of the call.
 */
final class NextLink {
  private static final Pattern LINK = Pattern.compile("<([^>]*)>([^<]*)");
  private static final Pattern RELATION =
      Pattern.compile("(?i);\\s*rel\\s*=\\s*(?:\"([^\"]*)\"|([^\\s;,\"]+))");

  private NextLink() {}

  /**
   * @param path of the URL in the body; empty: it is in the header
   * @return the query of the next page; empty when this is the last one
   * @throws SystemUnavailableException when the link has no query
   */
  static Optional<String> query(ApiResponse answer, String path) {
    String url =
        path.isEmpty()
            ? answer.header("link").map(NextLink::next).orElse("")
            : JsonPath.text(answer.json(), path);
    if (url.isEmpty()) {
      return Optional.empty();
    }
    String address = url.split("#", 2)[0];
    int question = address.indexOf('?');
    if (question < 0 || question == address.length() - 1) {
      throw new SystemUnavailableException("The link to the next page has no query: " + url);
    }
    return Optional.of(address.substring(question + 1));
  }

  private static String next(String header) {
    Matcher link = LINK.matcher(header);
    while (link.find()) {
      Matcher relation = RELATION.matcher(link.group(2));
      if (relation.find()) {
        String names = relation.group(1) == null ? relation.group(2) : relation.group(1);
        if (Arrays.stream(names.split("\\s+", -1)).anyMatch("next"::equalsIgnoreCase)) {
          return link.group(1);
        }
      }
    }
    return "";
  }
}
