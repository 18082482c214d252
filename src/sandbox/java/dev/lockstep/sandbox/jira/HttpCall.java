package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A call over HTTP.
 *
 * @param url path and query, as sent
 * @param path its segments, decoded
 * @param headers names in lower case
 */
record HttpCall(
    String method,
    String url,
    List<String> path,
    Map<String, List<String>> query,
    Map<String, List<String>> headers,
    String body) {

  static HttpCall of(String method, String url, Map<String, List<String>> headers, String body) {
    int mark = url.indexOf('?');
    String path = mark < 0 ? url : url.substring(0, mark);
    String query = mark < 0 ? "" : url.substring(mark + 1);
    // A plus means a space in a query only; an e-mail address in a path keeps it.
    List<String> segments =
        Arrays.stream(path.split("/", -1))
            .map(segment -> decoded(segment.replace("+", "%2B")))
            .toList();
    return new HttpCall(method, url, segments, parameters(query), headers, body);
  }

  Optional<String> header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream().findFirst();
  }

  Optional<String> parameter(String name) {
    return query.getOrDefault(name, List.of()).stream().findFirst();
  }

  boolean flag(String name) {
    return parameter(name).orElse("").equals("true");
  }

  int number(String name, int otherwise) {
    String given = parameter(name).orElse(Integer.toString(otherwise));
    if (!given.matches("\\d{1,9}")) {
      throw JiraException.badRequest("The parameter '" + name + "' must be a number.");
    }
    return Integer.parseInt(given);
  }

  /** A list that may be repeated, separated by commas, or both. */
  List<String> list(String name) {
    return query.getOrDefault(name, List.of()).stream()
        .flatMap(value -> Stream.of(value.split(",", -1)))
        .map(String::trim)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  ObjectNode object() {
    if (json() instanceof ObjectNode object) {
      return object;
    }
    throw JiraException.badRequest("Invalid request payload. Refer to the REST API documentation.");
  }

  JsonNode json() {
    if (header("Content-Type").filter(type -> type.startsWith("application/json")).isEmpty()) {
      throw new JiraException(415, List.of("Unsupported Media Type"), Map.of());
    }
    return Json.parsed(body);
  }

  private static Map<String, List<String>> parameters(String query) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      if (!pair.isEmpty()) {
        int mark = pair.indexOf('=');
        String name = decoded(mark < 0 ? pair : pair.substring(0, mark));
        String value = mark < 0 ? "" : decoded(pair.substring(mark + 1));
        parameters.computeIfAbsent(name, any -> new ArrayList<>(1)).add(value);
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
